import type { CapabilityRule } from './capability-rule.ts';

/** Mail, clouds and language models. Source: the vendors' SDK documentation. */
export const mailAndCloudCapabilities: readonly CapabilityRule[] = [
  {
    id: 'mail.send',
    modules:
      'smtplib yagmail redmail aiosmtplib sendgrid mailjet_rest postmarker resend flask_mail envelopes exchangelib emails ezgmail mailersend mailchimp_transactional marrow.mailer'.split(
        ' ',
      ),
    names: ['django.core.mail'],
    calls: ['COM.{cdo,notes}.**.{Send,send}', '**.sendmail', 'boto3.**.{send_email,send_raw_email}'],
  },
  {
    id: 'mail.read',
    modules: 'imaplib poplib imap_tools imapclient exchangelib mailbox imbox easyimap extract_msg'.split(' '),
    calls: ['COM.outlook.**.{GetDefaultFolder,Restrict,GetFirst,GetNext}'],
  },
  { id: 'mail.outlook_com', calls: ['COM.outlook.**'] },
  {
    id: 'cloud.m365',
    modules: 'office365 O365 shareplum sharepy msgraph msgraph_core sharepoint onedrivesdk exchangelib'.split(' '),
  },
  {
    id: 'cloud.aws',
    modules: 'boto3 botocore boto aioboto3 aiobotocore s3fs awswrangler sagemaker chalice s3transfer aws_cdk'.split(
      ' ',
    ),
  },
  { id: 'cloud.azure', modules: 'azure azureml adal msal adlfs msrestazure'.split(' ') },
  {
    id: 'cloud.gcp',
    modules: 'google.cloud gcsfs vertexai pandas_gbq google.api_core'.split(' '),
  },
  {
    id: 'cloud.google',
    modules:
      'googleapiclient apiclient.discovery gspread oauth2client google_auth_oauthlib pygsheets ezsheets ezgmail gdata google.apps google.oauth2 google.auth simplegmail gspread_dataframe'.split(
        ' ',
      ),
  },
  { id: 'cloud.gdrive', modules: 'pydrive pydrive2 gdown googledrivedownloader'.split(' ') },
  { id: 'cloud.dropbox', modules: ['dropbox'] },
  { id: 'cloud.firebase', modules: 'firebase_admin pyrebase firebase pyrebase4 python_firebase'.split(' ') },
  {
    id: 'llm',
    modules: (
      'openai anthropic google.generativeai google.genai google.adk vertexai cohere mistralai groq together replicate litellm ' +
      'langchain langchain_openai langchain_anthropic langchain_community langchain_core langchain_google_genai langgraph ' +
      'langchain_groq langchain_huggingface llama_index crewai crewai_tools agno phi autogen autogen_agentchat autogen_ext ' +
      'agents pydantic_ai haystack dspy instructor mem0 huggingface_hub ai21 aleph_alpha_client dashscope zhipuai smolagents ' +
      'semantic_kernel swarm xai_sdk browser_use g4f camel ag2 strands guidance embedchain portkey_ai composio claude_agent_sdk'
    ).split(' '),
    calls: [
      '{boto3,aioboto3}.**.{invoke_model,converse,converse_stream,invoke_model_with_response_stream,retrieve_and_generate,invoke_agent}',
      '?.**.{chat.completions.create,responses.create,messages.create}',
      '?.generate_content',
    ],
  },
  {
    id: 'llm.local',
    modules: 'ollama llama_cpp gpt4all vllm ctransformers langchain_ollama lmstudio mlx_lm'.split(' '),
  },
];
