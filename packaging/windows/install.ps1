<#
.SYNOPSIS
Installs the Sentinel agent on Windows, unattended; for Intune (Win32 app), GPO start scripts and Ansible (win_shell).
.DESCRIPTION
NOT verified: no Windows was at hand when it was written (docs/verified.md).
Exit codes: 0 installed, 1 wrong call, 2 something could not be written or started.
.EXAMPLE
.\install.ps1 -Executable .\sentinel-1.4.0-win32-x64.exe -Server https://sentinel.example -TokenFile .\token.txt
#>
param(
  [Parameter(Mandatory)] [string] $Executable,
  [Parameter(Mandatory)] [string] $Server,
  [string] $TokenFile,
  [string] $ServerPin
)
$ErrorActionPreference = 'Stop'
$identity = [Security.Principal.WindowsPrincipal][Security.Principal.WindowsIdentity]::GetCurrent()
if (-not $identity.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
  [Console]::Error.WriteLine('install.ps1: administrator rights are needed'); exit 1
}
try {
  $folder = Join-Path $env:ProgramFiles 'Sentinel'
  $data = Join-Path $env:ProgramData 'Sentinel'
  $version = (& $Executable --version).Trim()
  $target = Join-Path $folder "versions\$version"
  New-Item -ItemType Directory -Force -Path $target, $data | Out-Null
  # Everybody's scripts write into the inbox; everything else is for SYSTEM and administrators.
  icacls $data /inheritance:r /grant 'SYSTEM:(OI)(CI)F' 'Administrators:(OI)(CI)F' 'Users:(RX)' | Out-Null
  Copy-Item -Force $Executable (Join-Path $target 'sentinel.exe')
  $current = Join-Path $folder 'current'
  if (Test-Path $current) { (Get-Item $current).Delete() }
  New-Item -ItemType Junction -Path $current -Target $target | Out-Null

  [Environment]::SetEnvironmentVariable('SENTINEL_DATA', $data, 'Machine')
  $env:SENTINEL_TOKEN = if ($TokenFile) { (Get-Content -Raw $TokenFile).Trim() } else { $null }
  $env:SENTINEL_SERVER_PIN = $ServerPin
  & (Join-Path $current 'sentinel.exe') agent enroll --server $Server --data $data
  if ($LASTEXITCODE -ne 0) { throw 'the endpoint could not be enrolled' }
  $env:SENTINEL_TOKEN = $null

  # A task at start as SYSTEM: Node cannot answer the service control manager, and a wrapper would be one more program to trust.
  $action = New-ScheduledTaskAction -Execute (Join-Path $current 'sentinel.exe') -Argument "agent run --data `"$data`""
  $settings = New-ScheduledTaskSettingsSet -RestartCount 999 -RestartInterval (New-TimeSpan -Minutes 1) `
    -ExecutionTimeLimit ([TimeSpan]::Zero) -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -Priority 7
  $principal = New-ScheduledTaskPrincipal -UserId 'SYSTEM' -LogonType ServiceAccount -RunLevel Highest
  Register-ScheduledTask -Force -TaskName 'Sentinel agent' -TaskPath '\Sentinel\' -Action $action `
    -Trigger (New-ScheduledTaskTrigger -AtStartup) -Settings $settings -Principal $principal | Out-Null
  Start-ScheduledTask -TaskPath '\Sentinel\' -TaskName 'Sentinel agent'
  & (Join-Path $current 'sentinel.exe') agent install --all --data $data
  exit 0
} catch {
  [Console]::Error.WriteLine("install.ps1: $($_.Exception.Message)"); exit 2
}
