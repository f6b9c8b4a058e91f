<#
.SYNOPSIS
Takes the Sentinel agent off again: what was written into interpreters first, byte for byte. NOT verified.
#>
param([switch] $KeepData)
$ErrorActionPreference = 'Continue'
$folder = Join-Path $env:ProgramFiles 'Sentinel'
$data = Join-Path $env:ProgramData 'Sentinel'
& (Join-Path $folder 'current\sentinel.exe') agent uninstall --all --data $data
Stop-ScheduledTask -TaskPath '\Sentinel\' -TaskName 'Sentinel agent'
Unregister-ScheduledTask -TaskPath '\Sentinel\' -TaskName 'Sentinel agent' -Confirm:$false
[Environment]::SetEnvironmentVariable('SENTINEL_DATA', $null, 'Machine')
Remove-Item -Recurse -Force $folder
if (-not $KeepData) { Remove-Item -Recurse -Force $data }
