import type { ModelRows } from './model-rows.ts';

const HTTP = 'network.http';

/**
 * HTTP, sockets, FTP and SSH. Source: documentation of requests, httpx, aiohttp, urllib3, the standard library,
 * paramiko and ftplib.
 */
export const networkModels: ModelRows = [
  [
    '{requests,httpx,cloudscraper,requests_html,curl_cffi.requests,niquests,grequests}.{get,head,options}',
    { source: HTTP, sink: HTTP },
  ],
  [
    '{requests,httpx,cloudscraper,requests_html,curl_cffi.requests,niquests,grequests}.{post,put,patch,delete,request,stream}',
    { source: HTTP, sink: HTTP },
  ],
  [
    '{requests,httpx,aiohttp,cloudscraper,requests_html,requests_oauthlib,niquests,curl_cffi,urllib3}.**.{get,post,put,patch,delete,request,send,head,urlopen}',
    { source: HTTP, sink: HTTP },
  ],
  ['{requests,httpx,aiohttp,cloudscraper,requests_html,urllib3,niquests}.**', {}],
  ['requests.{Session,session,HTTPError,ConnectionError,RequestException}', { isCleaner: true }],
  ['requests.exceptions.**', { isCleaner: true }],
  ['{requests.auth,aiohttp.BasicAuth,httpx.BasicAuth}.**', { isCleaner: true }],
  [
    '{urllib.request,urllib2,urllib}.{urlopen,urlretrieve,build_opener,URLopener}',
    { source: HTTP, sink: HTTP, positions: [0, 2], detail: [0, 'url'] },
  ],
  [
    '{urllib.request,urllib}.urlretrieve',
    { source: HTTP, sink: 'files.write', positions: [0], writes: [1, 'filename'] },
  ],
  ['{urllib.request,urllib2}.Request', {}],
  ['{urllib.request,urllib2}.**.open', { source: HTTP, sink: HTTP }],
  ['{http.client,httplib}.**.request', { sink: HTTP }],
  ['{http.client,httplib}.**.getresponse', { source: HTTP }],
  ['{wget,urllib3}.download', { source: HTTP, sink: 'files.write', positions: [0], writes: [1, 'out'] }],
  ['feedparser.parse', { source: HTTP }],
  [
    '{newspaper,trafilatura,firecrawl,tavily,serpapi,duckduckgo_search,wikipedia,yfinance,googlesearch}.**.{download,fetch_url,scrape_url,scrape,crawl_url,search,text,summary,page,run,news,history,get_dict,extract,map,deep_research}',
    { source: HTTP, sink: HTTP },
  ],
  ['{gtts,gtts.gTTS}.gTTS', { source: HTTP, sink: HTTP }],
  ['gtts.**.{save,write_to_fp}', { sink: 'files.write', sendsReceiver: true, writes: [0, 'savefile'] }],
  ['elevenlabs.**.{convert,generate,stream}', { source: HTTP, sink: HTTP }],
  [
    'speech_recognition.**.{recognize_google,recognize_google_cloud,recognize_azure,recognize_bing,recognize_wit}',
    { source: HTTP, sink: HTTP },
  ],
  ['COM.http.{Send,send}', { sink: HTTP }],
  ['COM.http.{responseText,ResponseText,responseBody}.@', { source: HTTP }],
  ['socket.**.{send,sendall,sendto}', { sink: 'network.socket' }],
  ['socket.**.{recv,recvfrom,recv_into}', { source: 'network.socket' }],
  ['{websocket,websockets}.**.send', { sink: 'network.socket' }],
  ['{websocket,websockets}.**.recv', { source: 'network.socket' }],
  ['ftplib.**.{storbinary,storlines}', { sink: 'network.ftp', positions: [1], keywords: ['fp'] }],
  ['ftplib.**.{retrbinary,retrlines}', { source: 'network.ftp' }],
  ['ftputil.**.upload', { sink: 'network.ftp', positions: [], keywords: [], reads: [0, 'source'] }],
  ['paramiko.**.put', { sink: 'network.ssh', positions: [], keywords: [], reads: [0, 'localpath'] }],
  ['pysftp.**.put', { sink: 'network.ssh', positions: [], keywords: [], reads: [0, 'localpath'] }],
  ['{paramiko,pysftp}.**.get', { source: 'network.ssh', sink: 'files.write', writes: [1, 'localpath'] }],
  ['{paramiko,pysftp,fabric,asyncssh}.**.{exec_command,run,execute}', { source: 'network.ssh', sink: 'network.ssh' }],
  ['scp.**.put', { sink: 'network.ssh', positions: [], keywords: [], reads: [0, 'files'] }],
];
