import type { CapabilityRule } from './capability-rule.ts';

/** Talking to other machines. Source: documentation of the libraries named. */
export const networkCapabilities: readonly CapabilityRule[] = [
  {
    id: 'network.http',
    modules: (
      'requests httpx aiohttp urllib3 urllib.request urllib2 http.client httplib httplib2 cloudscraper requests_html ' +
      'requests_oauthlib requests_toolbelt grequests niquests curl_cffi pycurl treq mechanize mechanicalsoup scrapy ' +
      'feedparser wget tweepy telegram telebot telethon aiogram pyrogram discord disnake nextcord slack slack_sdk ' +
      'slackclient slack_bolt twilio pywhatkit praw selenium splinter playwright pyppeteer seleniumbase helium ' +
      'undetected_chromedriver gtts gTTS firecrawl tavily serpapi duckduckgo_search ddgs googlesearch wikipedia yfinance ' +
      'newspaper trafilatura yt_dlp youtube_dl pytube elevenlabs googletrans deep_translator simple_salesforce jira ' +
      'notion_client airtable pyairtable stripe spotipy github gitlab httpcore socketio vonage ' +
      'hubspot zenpy zeep suds exa_py apify_client requests_ntlm pymsteams instabot instagrapi speedtest geopy ' +
      'pandas_datareader alpha_vantage nsepy tvdatafeed ccxt binance bs4_requests facebook linebot mattermostdriver boxsdk box_sdk_gen mega'
    ).split(' '),
    calls: [
      '{urllib.request,urllib,urllib2}.{urlopen,urlretrieve,Request,build_opener}',
      'speech_recognition.**.{recognize_google,recognize_google_cloud,recognize_bing,recognize_wit,recognize_azure}',
      'COM.http.**',
      'webdriver.{Chrome,Firefox,Edge}',
    ],
    names: ['urllib.urlopen', 'urllib.urlretrieve', 'urllib.request'],
  },
  { id: 'network.ftp', modules: ['ftplib', 'ftputil', 'aioftp'] },
  {
    id: 'network.ssh',
    modules: [
      'paramiko',
      'fabric',
      'pysftp',
      'asyncssh',
      'scp',
      'pexpect.pxssh',
      'netmiko',
      'spur',
      'sshtunnel',
      'ncclient',
      'napalm',
    ],
  },
  {
    id: 'network.socket',
    modules: ['socket', 'socketserver', 'SocketServer', 'scapy', 'zmq', 'asyncore', 'websocket', 'websockets', 'socks'],
  },
  {
    id: 'network.sniff',
    modules: ['pcap', 'pcapy', 'pyshark', 'dpkt'],
    calls: ['scapy.**.{sniff,AsyncSniffer,sniffer}', 'pyshark.**', '**.sniff'],
  },
  {
    id: 'network.server',
    modules: (
      'flask fastapi django uvicorn streamlit gradio bottle tornado cherrypy sanic aiohttp.web http.server BaseHTTPServer ' +
      'SimpleHTTPServer socketserver SocketServer starlette quart falcon pyramid dash waitress gunicorn hypercorn chainlit ' +
      'nicegui panel xmlrpc.server wsgiref flask_restful flask_cors chalice eel reflex litestar fastmcp mcp.server grpc.aio ' +
      'twisted.web hug web2py'
    ).split(' '),
    calls: ['**.listen', 'asyncio.start_server', 'socket.create_server'],
    accepts: (call, facts) =>
      !call.name.endsWith('.listen') ||
      call.name.startsWith('socket.') ||
      (call.name.startsWith('?') && facts.imports.some((fact) => fact.module === 'socket')),
  },
  { id: 'browser.open', modules: ['webbrowser'], calls: ['webbrowser.**'] },
  {
    id: 'browser.automation',
    modules: (
      'selenium playwright pyppeteer splinter seleniumbase helium undetected_chromedriver pywhatkit mechanize browser_use ' +
      'webdriver_manager chromedriver_autoinstaller robobrowser requests_html nodriver selenium_stealth DrissionPage'
    ).split(' '),
    calls: ['COM.browser.**'],
  },
  {
    id: 'messaging',
    modules: (
      'discord disnake nextcord telegram telebot telethon aiogram pyrogram slack slack_sdk slackclient slack_bolt twilio ' +
      'tweepy pymsteams pywhatkit praw mattermostdriver webexteamssdk linebot matrix_client nio vonage instabot instagrapi ' +
      'facebook discord_webhook telegram_send atproto mastodon whatsapp fbchat heyoo zulip rocketchat_API messagebird plivo'
    ).split(' '),
    calls: ['**.{chat_postMessage,sendwhatmsg}'],
  },
];

/** Capabilities that send data off the machine. */
export const EXTERNAL_CAPABILITIES: readonly RegExp[] = [
  /^network\./,
  /^mail\./,
  /^cloud\./,
  /^messaging$/,
  /^llm$/,
  /^browser\.automation$/,
];
