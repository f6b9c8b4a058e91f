import type { ModelRows } from './model-rows.ts';

const LLM_ROOTS =
  '{openai,anthropic,google.genai,google.generativeai,vertexai,cohere,mistralai,groq,together,replicate,litellm,agno,phi,autogen,autogen_agentchat,crewai,langchain,langchain_openai,langchain_anthropic,langchain_community,langchain_core,langchain_google_genai,langgraph,llama_index,agents,pydantic_ai,haystack,dspy,instructor,huggingface_hub,ai21,aleph_alpha_client,dashscope,zhipuai,deepseek,xai_sdk,mem0,smolagents,guidance,semantic_kernel,swarm,portkey_ai,cerebras,fireworks,perplexity,writerai,browser_use,g4f,poe_api_wrapper,camel,letta,memgpt,promptflow,embedchain,langsmith}';
const LLM_CALLS =
  '{create,parse,generate,generate_content,generate_content_stream,agenerate,chat,complete,acomplete,completion,acompletion,completions,invoke,ainvoke,run,arun,run_sync,run_stream,run_streamed,predict,ask,stream,astream,send_message,send_message_stream,kickoff,query,aquery,embed,embeddings,embed_documents,embed_query,summarize,chat_completion,text_generation,initiate_chat,a_initiate_chat,initiate_chats,generate_reply,print_response,aprint_response,create_stream,messages,edit,transcribe,translate,batch,respond,call,feature_extraction,run_chat}';

/** Clouds and language models. Source: the vendors' SDK documentation. */
export const cloudAndLlmModels: ModelRows = [
  [`${LLM_ROOTS}.**.${LLM_CALLS}`, { source: 'llm', sink: 'llm' }],
  [
    '?.**.{chat.completions.create,messages.create,responses.create,completions.create,embeddings.create,images.generate}',
    { source: 'llm', sink: 'llm' },
  ],
  ['?.generate_content', { source: 'llm', sink: 'llm' }],
  [`${LLM_ROOTS}.**`, {}],
  [
    '{boto3,aioboto3}.**.{invoke_model,converse,invoke_model_with_response_stream,converse_stream,retrieve_and_generate,invoke_agent}',
    { source: 'llm', sink: 'llm' },
  ],
  ['ollama.**.{chat,generate,embed,embeddings}', { source: 'llm.local', sink: 'llm.local' }],
  [
    '{llama_cpp,gpt4all,vllm,ctransformers}.**.{create_chat_completion,create_completion,generate,chat}',
    { source: 'llm.local', sink: 'llm.local' },
  ],
  // AWS
  ['{boto3,aioboto3,s3fs}.**.upload_file', { sink: 'cloud.aws', positions: [], keywords: [], reads: [0, 'Filename'] }],
  ['{boto3,aioboto3,s3fs}.**.put', { sink: 'cloud.aws', reads: [0] }],
  [
    '{boto3,aioboto3}.**.{put_object,upload_fileobj,put_item,send_message,publish,put_record,batch_write_item,send_email,send_raw_email,put_log_events,put_records,detect_text,detect_labels,detect_entities,translate_text,start_execution}',
    { sink: 'cloud.aws', source: 'cloud.aws' },
  ],
  [
    '{boto3,aioboto3}.**.download_file',
    { source: 'cloud.aws', sink: 'files.write', positions: [], sendsReceiver: true, writes: [2, 'Filename'] },
  ],
  [
    '{boto3,aioboto3}.**.{get_object,get_item,scan,query,receive_message,get_secret_value,list_objects_v2,download_fileobj,describe_instances}',
    { source: 'cloud.aws' },
  ],
  ['{boto3,botocore}.**', {}],
  // Azure and Microsoft 365
  [
    '{azure,msgraph}.**.{upload_blob,upload_data,send,send_messages,upload_file,create_item,upsert_item,stage_block,create_file}',
    { sink: 'cloud.azure' },
  ],
  ['azure.**.{download_blob,readall,read_item,query_items,get_secret,receive_messages}', { source: 'cloud.azure' }],
  ['{azure.identity,azure.core.credentials,msal}.**', { isCleaner: true }],
  [
    '{office365,O365,shareplum,sharepy}.**.{upload,upload_file,upload_large_file,add,add_file,send,send_mail,put,create_upload_session,save_file,create,update,add_item,UpdateListItems}',
    { sink: 'cloud.m365', source: 'cloud.m365', sendsReceiver: false },
  ],
  [
    '{office365,O365,shareplum}.**.{get,get_by_url,execute_query,download,download_session,get_content,open_binary,get_items,get_messages,get_file_by_server_relative_url,read,GetListItems,get_by_id,top,get_all,get_file_by_server_relative_path,list_folder,get_events,search,filter,expand,get_property}',
    { source: 'cloud.m365' },
  ],
  ['{office365,O365,shareplum}.**', {}],
  // Google
  ['{googleapiclient.http.MediaFileUpload,apiclient.http.MediaFileUpload}', { reads: [0, 'filename'] }],
  [
    '{googleapiclient,apiclient}.**.{create,send,insert,update,append,batchUpdate,import_,patch,upload,modify}',
    { sink: 'cloud.google', isPart: true },
  ],
  ['{googleapiclient,apiclient}.**.{execute,next_chunk}', { source: 'cloud.google' }],
  ['{google.oauth2,google.auth,google_auth_oauthlib,oauth2client}.**', { isCleaner: true }],
  ['google.cloud.**.upload_from_filename', { sink: 'cloud.gcp', positions: [], keywords: [], reads: [0, 'filename'] }],
  [
    'google.cloud.**.{upload_from_string,upload_from_file,insert_rows,insert_rows_json,publish,load_table_from_dataframe,load_table_from_file,set,add,predict,analyze_sentiment,text_detection,document_text_detection,recognize,synthesize_speech,translate_text,translate,annotate_text,annotate_image,batch_annotate_images,process_document,detect_intent,label_detection}',
    { sink: 'cloud.gcp', source: 'cloud.gcp' },
  ],
  [
    'google.cloud.**.download_to_filename',
    { source: 'cloud.gcp', sink: 'files.write', sendsReceiver: true, positions: [], writes: [0, 'filename'] },
  ],
  [
    'google.cloud.**.{download_as_string,download_as_bytes,download_as_text,query,result,list_blobs,to_dataframe}',
    { source: 'cloud.gcp' },
  ],
  ['google.cloud.**', {}],
  [
    '{pydrive,pydrive2}.**.SetContentFile',
    { sink: 'cloud.gdrive', positions: [], keywords: [], reads: [0, 'filename'] },
  ],
  ['{pydrive,pydrive2}.**.SetContentString', { sink: 'cloud.gdrive' }],
  [
    '{pydrive,pydrive2}.**.GetContentFile',
    { source: 'cloud.gdrive', sink: 'files.write', positions: [], sendsReceiver: true, writes: [0] },
  ],
  ['{pydrive,pydrive2}.**.{GetList,GetContentString}', { source: 'cloud.gdrive' }],
  // others
  [
    'dropbox.**.{files_upload,files_upload_session_append,files_upload_session_start,files_upload_session_finish,put_file}',
    { sink: 'cloud.dropbox', positions: [0] },
  ],
  ['dropbox.**.files_download', { source: 'cloud.dropbox' }],
  [
    'dropbox.**.files_download_to_file',
    { source: 'cloud.dropbox', sink: 'files.write', positions: [], sendsReceiver: true, writes: [0] },
  ],
  ['boxsdk.**.{upload,upload_stream}', { sink: 'cloud.box', reads: [0, 'file_path'] }],
  ['{pyrebase,firebase,firebase_admin}.**.{push,set,update,put,add,post}', { sink: 'cloud.firebase' }],
  ['{pyrebase,firebase,firebase_admin}.**.{get,val,get_url,stream}', { source: 'cloud.firebase' }],
  ['mega.**.upload', { sink: 'cloud.mega', positions: [], keywords: [], reads: [0] }],
  ['{notion_client,airtable,pyairtable}.**.{create,update,insert,append}', { sink: 'network.http' }],
  [
    '{simple_salesforce,jira,zenpy,hubspot,shopify,stripe}.**.{create,update,insert,upsert,add_attachment,add_comment,create_issue}',
    { sink: 'network.http' },
  ],
  [
    '{simple_salesforce,jira,zenpy,hubspot,shopify,stripe}.**.{query,query_all,search_issues,get,list,find,retrieve}',
    { source: 'network.http' },
  ],
];
