import type { ModelRows } from './model-rows.ts';

const MESSAGING_ROOTS =
  '{discord,disnake,nextcord,telegram,telebot,telethon,aiogram,pyrogram,slack_sdk,slack,slackclient,slack_bolt,twilio,tweepy,pymsteams,vonage,pywhatkit,praw,mattermostdriver,webexteamssdk,linebot,matrix_client,nio,instabot,instagrapi,facebook,atproto,mastodon,discord_webhook,knockknock,telegram_send}';

/** Mail and chat. Source: documentation of smtplib, email, imaplib, yagmail, Outlook's object model and the chat SDKs. */
export const mailAndMessagingModels: ModelRows = [
  ['smtplib.**.sendmail', { sink: 'mail.send', addresses: [0, 1, 'from_addr', 'to_addrs'] }],
  ['smtplib.**.send_message', { sink: 'mail.send', addresses: [1, 2, 'from_addr', 'to_addrs'] }],
  ['smtplib.**.{login,starttls,ehlo,connect,quit,close}', { isCleaner: true }],
  ['aiosmtplib.send', { sink: 'mail.send', positions: [0] }],
  ['{yagmail,redmail}.**.send', { sink: 'mail.send', reads: [3, 'attachments'] }],
  ['sendgrid.**.{send,post}', { sink: 'mail.send' }],
  ['{mailjet_rest,postmarker,resend,mailersend,mailchimp_transactional}.**.{send,create}', { sink: 'mail.send' }],
  ['django.core.mail.**', { sink: 'mail.send' }],
  ['flask_mail.**.send', { sink: 'mail.send' }],
  ['{exchangelib,O365.Message}.**.{send,send_and_save}', { sink: 'mail.send', sendsReceiver: true }],
  ['exchangelib.**.{filter,all,order_by}', { source: 'mail.read' }],
  ['email.message_from_{bytes,string,file}', {}],
  [
    'email.**.{attach,set_content,set_payload,add_attachment,add_header,add_alternative,make_mixed,add_related}',
    { builds: true },
  ],
  ['email.**', {}],
  ['{imaplib,poplib}.**.{fetch,uid,retr}', { source: 'mail.read' }],
  ['{imap_tools,imapclient}.**.{fetch,search}', { source: 'mail.read' }],
  ['COM.outlook.**.{Send,Display,send,Forward}', { sink: 'mail.outlook_com', sendsReceiver: true, positions: [] }],
  ['COM.outlook.**.Add', { builds: true, isPart: true, reads: [0, 'Source'] }],
  ['COM.outlook.**.SaveAsFile', { sink: 'files.write', sendsReceiver: true, writes: [0, 'Path'], source: 'mail.read' }],
  ['COM.outlook.**.{CreateItem,CreateItemFromTemplate}', {}],
  ['COM.outlook.**.{Items,Restrict,GetFirst,GetNext,GetLast,Find}', { source: 'mail.read' }],
  ['COM.outlook.**.{Body,HTMLBody,Subject,SenderEmailAddress,SenderName,Attachments}.@', {}],
  ['COM.notes.**.{Send,send}', { sink: 'mail.send', sendsReceiver: true }],
  ['COM.cdo.**.{Send,send}', { sink: 'mail.send', sendsReceiver: true }],
  [
    'pywhatkit.{sendwhatmsg,sendwhatmsg_instantly,sendwhatmsg_to_group,sendwhatmsg_to_group_instantly}',
    { sink: 'messaging', addresses: [0, 'phone_no', 'group_id'] },
  ],
  [
    `${MESSAGING_ROOTS}.**.{send_message,sendMessage,send,reply,reply_text,reply_photo,reply_document,send_document,send_photo,send_file,sendmsg,sendwhatmsg,sendwhatmsg_instantly,sendwhatmsg_to_group,sendwhatmsg_to_group_instantly,chat_postMessage,create,update_status,create_tweet,post,text,files_upload,files_upload_v2,create_message,update_with_media,direct_message,send_direct_message,respond,answer,edit,say,sendDocument,sendPhoto,photo_upload,submit,execute}`,
    { sink: 'messaging' },
  ],
  [`${MESSAGING_ROOTS}.**.{sendwhats_image}`, { sink: 'messaging', reads: [1, 'img_path'] }],
  [`${MESSAGING_ROOTS}.**.{files_upload,files_upload_v2}`, { sink: 'messaging', reads: [1, 'file'] }],
  ['discord.File', { reads: [0, 'fp'] }],
  [
    'tweepy.**.{search,search_tweets,user_timeline,home_timeline,items,pages,get_user,search_recent_tweets,followers,get_followers}',
    { source: 'messaging' },
  ],
  ['?.**.message.text.@', { source: 'messaging' }],
  ['tweepy.Cursor.**', { source: 'messaging' }],
  [
    `${MESSAGING_ROOTS}.**.{conversations_history,get_messages,iter_messages,get_updates,history,wait_for,channel_history}`,
    { source: 'messaging' },
  ],
];
