import type { ModelRows } from './model-rows.ts';

const DB_ROOTS =
  '{sqlite3,pymysql,mysql.connector,MySQLdb,psycopg2,psycopg,asyncpg,pyodbc,pymssql,oracledb,cx_Oracle,sqlalchemy,snowflake,duckdb,aiosqlite,ibm_db,pyhdb,hdbcli,teradatasql,clickhouse_driver,clickhouse_connect,redshift_connector,jaydebeapi,databases,peewee,records,turbodbc,aiomysql}';
const NO_SQL_ROOTS =
  '{pymongo,motor,redis,cassandra,elasticsearch,opensearchpy,neo4j,qdrant_client,chromadb,pinecone,weaviate,influxdb,influxdb_client,tinydb,couchdb}';

/** Data bases, SAP, people, screens and processes. Source: DB-API 2.0 (PEP 249), SAP GUI Scripting API, tkinter. */
export const systemModels: ModelRows = [
  [
    `${DB_ROOTS}.**.{fetchall,fetchone,fetchmany,scalars,scalar,all,first,mappings,fetchval,fetchrow,fetch,fetch_pandas_all,df,fetchdf,one,one_or_none}`,
    { source: 'db' },
  ],
  [`${DB_ROOTS}.**.{execute,executemany,exec_driver_sql}`, { sink: 'db', positions: [1], isPart: true }],
  [`${DB_ROOTS}.**.{execute,cursor,executemany}.[]`, { source: 'db' }],
  [`${DB_ROOTS}.**.{add,add_all,insert,bulk_insert_mappings,bulk_save_objects}`, { sink: 'db' }],
  [`${DB_ROOTS}.{connect,create_engine,Connection}`, { isCleaner: true }],
  [`${DB_ROOTS}.**`, {}],
  ['?.**.{fetchall,fetchmany,fetchone}', { source: 'db' }],
  [`${NO_SQL_ROOTS}.**.{find,find_one,aggregate,search,query,get,hgetall,scroll,run,query_points}`, { source: 'db' }],
  [
    `${NO_SQL_ROOTS}.**.{insert_one,insert_many,update_one,replace_one,bulk_write,index,upsert,add,set,hset,write,upsert_points,write_points}`,
    { sink: 'db' },
  ],
  ['COM.adodb.**.{GetRows,GetString}', { source: 'db' }],
  ['COM.adodb.**.{Open,Execute}', { source: 'db', isPart: true }],
  // SAP
  ['**.{findById,FindById,findByName,FindByName}', {}],
  ['COM.sap.**.{Text,text,getCellValue,GetCellValue,GetCell,getCell,Value,value}.@', { source: 'gui.sap' }],
  ['**.{findById.text,findById.Text,FindById.Text,FindById.text}.@', { source: 'gui.sap' }],
  ['**.{getCellValue,GetCellValue}', { source: 'gui.sap' }],
  ['{pyrfc,PyRFC}.**.call', { source: 'gui.sap', sink: 'gui.sap' }],
  // people
  ['{input,raw_input}', { source: 'prompt.user' }],
  ['{click,questionary,inquirer,typer,rich.prompt}.**.{prompt,ask,confirm}', { source: 'prompt.user' }],
  [
    '{getpass.getpass,stdiomask.getpass,pwinput.pwinput,maskpass.askpass,maskpass.advpass}',
    { source: 'prompt.secret' },
  ],
  ['{tkinter,customtkinter,ttkbootstrap,Tkinter}.**.{get,get_date}', { source: 'prompt.user' }],
  [
    '{tkinter.simpledialog,easygui,pymsgbox,pyautogui,PySimpleGUI,customtkinter.CTkInputDialog}.**.{askstring,askinteger,askfloat,enterbox,multenterbox,prompt,popup_get_text,read,get_input}',
    { source: 'prompt.user' },
  ],
  ['{pyautogui,pymsgbox}.prompt', { source: 'prompt.user' }],
  ['{PySide2,PySide6,PyQt5,PyQt6}.**.{text,toPlainText,currentText,getText}', { source: 'prompt.user' }],
  ['{tkinter,customtkinter,ttkbootstrap,Tkinter,PySide2,PySide6,PyQt5,PyQt6}.**', { isCleaner: true }],
  [
    '{streamlit,gradio}.**.{text_input,text_area,chat_input,number_input,selectbox,file_uploader,form_submit_button}',
    { source: 'prompt.user' },
  ],
  ['flask.request.**.@', {}],
  ['flask.request.{form,args,json,files,data,values}.@', { source: 'network.server' }],
  ['flask.request.{get_json,get_data}', { source: 'network.server' }],
  ['flask.request.**.{get,getlist}', { source: 'network.server' }],
  ['keyring.get_password', { source: 'secret' }],
  ['keyring.**', { isCleaner: true }],
  // clipboard and keys
  ['pyperclip.paste', { source: 'clipboard' }],
  ['pyperclip.copy', { sink: 'clipboard' }],
  ['win32clipboard.GetClipboardData', { source: 'clipboard' }],
  ['win32clipboard.{SetClipboardData,SetClipboardText}', { sink: 'clipboard' }],
  ['tkinter.**.clipboard_get', { source: 'clipboard' }],
  ['tkinter.**.clipboard_append', { sink: 'clipboard' }],
  ['{pyautogui,keyboard,pynput,pydirectinput}.**.{typewrite,write,type}', { sink: 'gui.input' }],
  ['pywinauto.**.{type_keys,set_text,set_edit_text,send_keys}', { sink: 'gui.input' }],
  ['{uiautomation}.**.{SendKeys,SetValue,TypeKeys}', { sink: 'gui.input' }],
  // browsers
  [
    '{selenium,splinter,seleniumbase,undetected_chromedriver,helium}.**.{send_keys,execute_script,fill,type,write}',
    { sink: 'browser.automation' },
  ],
  ['{selenium,undetected_chromedriver}.**.{get}', { isCleaner: true }],
  ['{selenium,undetected_chromedriver}.**.{page_source,text}.@', { source: 'browser.automation' }],
  [
    '**.{find_element,find_elements,find_element_by_id,find_element_by_xpath,find_element_by_class_name,find_element_by_css_selector,find_elements_by_xpath,find_elements_by_class_name,find_elements_by_css_selector,find_elements_by_tag_name}.text.@',
    { source: 'browser.automation' },
  ],
  ['**.page_source.@', { source: 'browser.automation' }],
  ['selenium.**.get_attribute', { source: 'browser.automation' }],
  ['{playwright,pyppeteer}.**.{fill,type,press_sequentially,evaluate,set_input_files}', { sink: 'browser.automation' }],
  ['{playwright,pyppeteer}.**.{content,inner_text,text_content,inner_html}', { source: 'browser.automation' }],
  [
    '?.{find_element,find_element_by_id,find_element_by_name,find_element_by_xpath,find_element_by_class_name,find_element_by_css_selector}.send_keys',
    { sink: 'browser.automation' },
  ],
  // processes
  [
    'subprocess.{run,check_output,getoutput,getstatusoutput,Popen,call,check_call}',
    { source: 'process', sink: 'process' },
  ],
  ['os.{system,popen}', { source: 'process', sink: 'process' }],
  // processing of data that needs no model of its own
  ['{len,print,int.bit_length}', { isCleaner: true }],
];
