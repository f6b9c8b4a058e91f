/**
 * Distributions whose modules have another name, by module; the longest match counts. Source: each project's page
 * on the package index.
 */
const PAIRS = `
  AppKit pyobjc-framework-cocoa|Bio biopython|Crypto pycryptodome|Cryptodome pycryptodomex|Cython cython|docker docker
  Foundation pyobjc-framework-cocoa|IPython ipython|Levenshtein levenshtein|MySQLdb mysqlclient|OpenSSL pyopenssl
  PIL pillow|PyInstaller pyinstaller|PyPDF2 pypdf2|PyQt5 pyqt5|PyQt6 pyqt6|PySide2 pyside2|PySide6 pyside6|Quartz pyobjc-framework-quartz
  OpenGL pyopengl|SAP pyrfc|Xlib python-xlib|_pytest pytest|absl absl-py|airflow apache-airflow|aiobotocore aiobotocore
  adodbapi pywin32|allure allure-pytest|apiclient google-api-python-client|apt python-apt|attr attrs|axes django-axes
  azure.ai.ml azure-ai-ml|azure.ai.formrecognizer azure-ai-formrecognizer|azure.ai.textanalytics azure-ai-textanalytics
  azure.core azure-core|azure.cosmos azure-cosmos|azure.data.tables azure-data-tables|azure.eventhub azure-eventhub
  azure.functions azure-functions|azure.identity azure-identity|azure.keyvault.secrets azure-keyvault-secrets
  azure.mgmt.compute azure-mgmt-compute|azure.mgmt.network azure-mgmt-network|azure.mgmt.resource azure-mgmt-resource
  azure.mgmt.storage azure-mgmt-storage|azure.monitor azure-monitor-query|azure.servicebus azure-servicebus
  azure.storage.blob azure-storage-blob|azure.storage.filedatalake azure-storage-file-datalake
  azure.storage.fileshare azure-storage-file-share|azure.storage.queue azure-storage-queue|azureml azureml-core
  babel babel|backports.zoneinfo backports-zoneinfo|barcode python-barcode|binance python-binance|bs4 beautifulsoup4|bson pymongo
  cairo pycairo|can python-can|clickhouse_driver clickhouse-driver|cmd2 cmd2|confluent_kafka confluent-kafka
  corsheaders django-cors-headers|cv cv2|cv2 opencv-python|cx_Oracle cx-oracle|dash_bootstrap_components dash-bootstrap-components
  dateparser dateparser|dateutil python-dateutil|dbus dbus-python|debian python-debian|decouple python-decouple
  discord discord-py|distutils setuptools|django django|django_filters django-filter|dns dnspython|docx python-docx
  docx2pdf docx2pdf|dotenv python-dotenv|duckduckgo_search duckduckgo-search|dxfgrabber dxfgrabber|ebooklib ebooklib
  elasticsearch elasticsearch|elasticsearch_dsl elasticsearch-dsl|email_validator email-validator|engineio python-engineio
  environ django-environ|exchangelib exchangelib|faiss faiss-cpu|fake_useragent fake-useragent|fitz pymupdf|flask_cors flask-cors
  flask_login flask-login|flask_mail flask-mail|flask_restful flask-restful|flask_sqlalchemy flask-sqlalchemy|flask_wtf flask-wtf
  fpdf fpdf2|freetype freetype-py|fuzzywuzzy fuzzywuzzy|gi pygobject|git gitpython|github pygithub|gitlab python-gitlab
  gnupg python-gnupg|google.ads google-ads|google.analytics google-analytics-data|google.api_core google-api-core|google.auth google-auth
  google.cloud.aiplatform google-cloud-aiplatform|google.cloud.bigquery google-cloud-bigquery
  google.cloud.documentai google-cloud-documentai|google.cloud.firestore google-cloud-firestore|google.cloud.logging google-cloud-logging
  google.cloud.pubsub google-cloud-pubsub|google.cloud.pubsub_v1 google-cloud-pubsub|google.cloud.secretmanager google-cloud-secret-manager
  google.cloud.speech google-cloud-speech|google.cloud.storage google-cloud-storage|google.cloud.texttospeech google-cloud-texttospeech
  google.cloud.translate google-cloud-translate|google.cloud.translate_v2 google-cloud-translate|google.cloud.vision google-cloud-vision
  google.genai google-genai|google.generativeai google-generativeai|google.oauth2 google-auth|google.protobuf protobuf
  google_auth_oauthlib google-auth-oauthlib|googleapiclient google-api-python-client|googlemaps googlemaps|googletrans googletrans
  grpc grpcio|hdbcli hdbcli|haystack haystack-ai|hydra hydra-core|ibm_db ibm-db|igraph igraph|imageio imageio|imblearn imbalanced-learn
  impala impyla|isodate isodate|jaydebeapi jaydebeapi|jenkins python-jenkins|jnius pyjnius|jose python-jose|jpype jpype1
  jwt pyjwt|kafka kafka-python|keyring keyring|kivy kivy|kubernetes kubernetes|langchain_anthropic langchain-anthropic
  langchain_community langchain-community|langchain_core langchain-core|langchain_google_genai langchain-google-genai
  langchain_openai langchain-openai|ldap python-ldap|lightgbm lightgbm|llama_cpp llama-cpp-python|llama_index llama-index
  lxml lxml|magic python-magic|markdown markdown|markdown_it markdown-it-py|matplotlib matplotlib|memcache python-memcached
  mpl_toolkits matplotlib|mss mss|mysql mysql-connector-python|mx egenix-mx-base|nacl pynacl|netCDF4 netcdf4|nmap python-nmap
  nltk nltk|notion_client notion-client|oauth2client oauth2client|odf odfpy|office365 office365-rest-python-client
  onelogin python3-saml|oracledb oracledb|osgeo gdal|pandas_datareader pandas-datareader|paho paho-mqtt|parse parse
  past future|path path|pdfminer pdfminer-six|pexpect pexpect|picamera picamera|pil pillow|pinecone pinecone|pkg_resources setuptools
  playwright playwright|plotly plotly|pptx python-pptx|prometheus_client prometheus-client|psycopg psycopg|psycopg2 psycopg2
  pwn pwntools|pyasn1_modules pyasn1-modules|pyaudio pyaudio|pydantic_settings pydantic-settings|pylab matplotlib|pymssql pymssql
  pynput pynput|pyodbc pyodbc|pyperclip pyperclip|pypdf pypdf|pypdfium2 pypdfium2|pyrfc pyrfc|pytesseract pytesseract|pythoncom pywin32
  pythonwin pywin32|pytz_deprecation_shim pytz-deprecation-shim|pywintypes pywin32|pyzbar pyzbar|qrcode qrcode|rapidfuzz rapidfuzz
  readability readability-lxml|rest_framework djangorestframework|robot robotframework|ruamel.yaml ruamel-yaml|s3transfer s3transfer
  saml2 pysaml2|schedule schedule|scipy scipy|scrapy scrapy|seleniumwire selenium-wire|sentence_transformers sentence-transformers
  sentry_sdk sentry-sdk|serial pyserial|servicemanager pywin32|setuptools setuptools|shapefile pyshp|shapely shapely
  shareplum shareplum|simple_salesforce simple-salesforce|sipbuild sip|skimage scikit-image|sklearn scikit-learn
  slack slackclient|slack_bolt slack-bolt|slack_sdk slack-sdk|slugify python-slugify|smb pysmb|snappy python-snappy|snowflake.connector snowflake-connector-python
  snowflake.snowpark snowflake-snowpark-python|socketio python-socketio|socks pysocks|sounddevice sounddevice|speech_recognition speechrecognition
  spacy spacy|sqlalchemy sqlalchemy|sshtunnel sshtunnel|stdnum python-stdnum|surprise scikit-surprise|tables tables|tabula tabula-py
  talib ta-lib|telebot pytelegrambotapi|telegram python-telegram-bot|tensorboard tensorboard|teradatasql teradatasql|thrift thrift|timefhuman timefhuman
  tksheet tksheet|tlz toolz|toml toml|trafilatura trafilatura|tweepy tweepy|twilio twilio|umap umap-learn|unidecode unidecode
  usb pyusb|user_agents user-agents|vertexai google-cloud-aiplatform|vlc python-vlc|webdriver_manager webdriver-manager|websocket websocket-client
  win32api pywin32|win32clipboard pywin32|win32com pywin32|win32con pywin32|win32crypt pywin32|win32event pywin32|win32evtlog pywin32
  win32evtlogutil pywin32|win32file pywin32|win32gui pywin32|win32net pywin32|win32pdh pywin32|win32pipe pywin32|win32print pywin32
  win32process pywin32|win32profile pywin32|win32security pywin32|win32service pywin32|win32serviceutil pywin32|win32timezone pywin32
  win32ts pywin32|win32ui pywin32|winerror pywin32|winxpgui pywin32|wordcloud wordcloud|wx wxpython|xdg pyxdg|xlwings xlwings
  yaml pyyaml|youtube_dl youtube-dl|youtube_transcript_api youtube-transcript-api|yt_dlp yt-dlp|zmq pyzmq|zoneinfo tzdata|Alipay python-alipay-sdk
  Speech_recognition speechrecognition|speech_recognition speechrecognition|pyttsx3 pyttsx3|moviepy moviepy|geopy geopy|ttkthemes ttkthemes
  customtkinter customtkinter|tkcalendar tkcalendar|tkinterdnd2 tkinterdnd2|tensorflow_hub tensorflow-hub|tensorflow_datasets tensorflow-datasets
  torch torch|torchvision torchvision|openpyxl openpyxl|xlrd xlrd|xlsxwriter xlsxwriter|xlutils xlutils|xlwt xlwt|pyautogui pyautogui
  pywinauto pywinauto|pygetwindow pygetwindow|ahk ahk|uiautomation uiautomation|imap_tools imap-tools|redmail redmail|yagmail yagmail
  O365 o365|msal msal|msgraph msgraph-sdk|msoffcrypto msoffcrypto-tool|extract_msg extract-msg|mem0 mem0ai|firecrawl firecrawl-py|autogen pyautogen|pyrebase pyrebase4|markdownify markdownify|win10toast win10toast|sapnwrfc sapnwrfc`;

const MAP: ReadonlyMap<string, string> = new Map(
  PAIRS.split(/[|\n]/)
    .map((pair) => pair.trim().split(/\s+/))
    .filter((pair) => pair.length === 2)
    .map(([module, distribution]) => [module ?? '', distribution ?? '']),
);
/** Namespaces that many distributions share: a module of them says nothing without a longer match. */
const NAMESPACES = new Set(['azure', 'google', 'backports', 'ruamel', 'zope', 'jaraco', 'sphinxcontrib', 'snowflake']);

/** Distribution of a dotted module by the map; undefined where the map is silent. */
export function mappedDistribution(module: string): string | undefined {
  const parts = module.split('.', 5);
  for (let count = parts.length; count > 0; count -= 1) {
    const found = MAP.get(parts.slice(0, count).join('.'));
    if (found !== undefined) return found;
  }
  const [top, second] = parts;
  if (top === undefined || second === undefined || !NAMESPACES.has(top)) return undefined;
  return `${top}-${second}`.replaceAll('_', '-');
}

/** Whether a module is only a namespace, so that its own name is no distribution. */
export function isNamespace(module: string): boolean {
  return NAMESPACES.has(module);
}
