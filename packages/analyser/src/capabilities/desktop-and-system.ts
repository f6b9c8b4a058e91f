import { argumentOf } from '../semantics/facts.ts';
import type { CapabilityRule } from './capability-rule.ts';

/** Screen, keys, other programs and the system. Source: documentation of the libraries named. */
export const desktopAndSystemCapabilities: readonly CapabilityRule[] = [
  {
    id: 'gui.app',
    modules:
      'tkinter Tkinter customtkinter PyQt4 PyQt5 PyQt6 PySide2 PySide6 wx kivy kivymd PySimpleGUI FreeSimpleGUI ttkbootstrap easygui tkcalendar dearpygui flet pymsgbox pygame.gui webview toga guizero tkinterdnd2 tkMessageBox tkFileDialog gooey eel pystray'.split(
        ' ',
      ),
  },
  {
    id: 'gui.input',
    modules:
      'pyautogui pywinauto uiautomation pynput keyboard mouse pydirectinput autopy ahk pyautoit autoit rpa pyuserinput interception win32api_keys robot_keyboard pymouse pykeyboard directkeys'.split(
        ' ',
      ),
    calls: [
      'COM.wscript.**.SendKeys',
      'win32api.{keybd_event,mouse_event}',
      'ctypes.windll.user32.{keybd_event,mouse_event,SendInput}',
    ],
  },
  {
    id: 'gui.sap',
    modules: ['pysapgui', 'sapguipy', 'pyrfc', 'sapgui', 'sap_gui', 'PySapGUI', 'pysapscript', 'robosapiens'],
    calls: ['COM.sap.**', '**.{findById,FindById,sendVKey,SendVKey}'],
    attributes: ['COM.sap.**'],
  },
  {
    id: 'com.automation',
    modules: ['win32com', 'comtypes', 'win32com.client', 'pywin32'],
    calls: ['COM.**'],
  },
  {
    id: 'clipboard',
    modules: ['pyperclip', 'clipboard', 'win32clipboard', 'copykitten', 'pyperclip3', 'klembord', 'jaraco.clipboard'],
    calls: [
      '**.{clipboard_get,clipboard_append}',
      'PIL.ImageGrab.grabclipboard',
      'pandas.read_clipboard',
      '**.to_clipboard',
      '{PyQt5,PyQt6,PySide6,PySide2}.**.clipboard',
    ],
  },
  {
    id: 'screenshot',
    modules: ['mss', 'pyscreenshot', 'PIL.ImageGrab', 'dxcam', 'd3dshot', 'pyscreeze'],
    names: ['PIL.ImageGrab'],
    calls: ['PIL.ImageGrab.**', '{pyautogui,pyscreenshot,pyscreeze}.**.screenshot', 'ImageGrab.grab'],
  },
  {
    id: 'camera',
    calls: ['cv2.VideoCapture'],
    modules: ['picamera', 'picamera2', 'pygrabber'],
    accepts: (call) => {
      const device = argumentOf(call, 0, 'index', 'filename');
      return device === undefined || device.type === 'plain' || device.text === undefined;
    },
  },
  {
    id: 'audio',
    modules:
      'pyttsx3 speech_recognition playsound pyaudio sounddevice pygame.mixer simpleaudio vlc winsound pydub_playback gtts_play whisper pyttsx'.split(
        ' ',
      ),
    calls: ['pydub.playback.play', 'pygame.mixer.**'],
  },
  {
    id: 'process',
    modules: ['subprocess', 'sh', 'pexpect', 'plumbum', 'invoke', 'delegator', 'envoy', 'commands', 'popen2'],
    calls: [
      'os.{system,popen,popen2,popen3,startfile,execl,execle,execlp,execlpe,execv,execve,execvp,execvpe,spawnl,spawnle,spawnlp,spawnv,spawnve,spawnvp,posix_spawn}',
      'asyncio.{create_subprocess_exec,create_subprocess_shell}',
      'COM.{wscript,shell}.**.{Run,Exec,ShellExecute}',
      '{win32api,ctypes.windll.shell32,win32com.shell.shell}.**.{ShellExecute,ShellExecuteW,ShellExecuteA,WinExec,ShellExecuteEx}',
      'win32api.{ShellExecute,WinExec}',
      'win32process.CreateProcess',
      'pty.spawn',
    ],
  },
  {
    id: 'registry',
    modules: ['winreg', '_winreg', 'win32registry', 'winregistry'],
    calls: [
      'COM.wscript.**.{RegRead,RegWrite,RegDelete}',
      'win32api.{RegOpenKeyEx,RegOpenKey,RegSetValueEx,RegQueryValueEx}',
    ],
  },
  {
    id: 'schedule',
    modules: [
      'apscheduler',
      'schedule',
      'crontab',
      'sched',
      'celery.schedules',
      'django_q',
      'rocketry',
      'prefect',
      'airflow',
      'aiocron',
      'python_crontab',
      'timeloop',
      'dagster',
      'luigi',
      'croniter',
      'huey',
    ],
    calls: ['COM.schedule.**'],
  },
  {
    id: 'system.info',
    modules: ['platform', 'psutil', 'wmi', 'GPUtil', 'cpuinfo', 'netifaces', 'uptime', 'distro', 'pySMART', 'getmac'],
    calls: ['COM.wmi.**'],
  },
  {
    id: 'secret_store',
    modules: [
      'keyring',
      'hvac',
      'keepassxc_proxy',
      'pykeepass',
      'secretstorage',
      'win32cred',
      'azure.keyvault',
      'onepasswordconnectsdk',
    ],
    calls: ['boto3.**.get_secret_value', 'google.cloud.secretmanager.**'],
  },
  {
    id: 'prompt.user',
    calls: [
      '{input,raw_input}',
      '{click,typer,questionary,inquirer}.{prompt,confirm,text,select}',
      'rich.prompt.**.ask',
      'sys.stdin.{readline,read,readlines}',
      'PyInquirer.prompt',
    ],
  },
  {
    id: 'prompt.secret',
    modules: ['getpass', 'stdiomask', 'pwinput', 'maskpass'],
    names: ['getpass.getpass'],
  },
  {
    id: 'dynamic_code',
    calls: [
      '{eval,exec,execfile}',
      '{builtins,__builtin__}.{eval,exec}',
      'runpy.{run_path,run_module}',
      'code.{InteractiveInterpreter,InteractiveConsole}.**',
      'imp.load_source',
      'types.FunctionType',
    ],
  },
];
