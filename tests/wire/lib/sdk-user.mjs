// What a user's program does with the SDK: node lib/sdk-user.mjs WEBHOOK-URL. The certificate is
// trusted by NODE_EXTRA_CA_CERTS, which Node reads at its start only, so this is a process of its own.
import { B24Hook } from '@bitrix24/b24jssdk'

const b24 = B24Hook.fromWebhookUrl(process.argv[2], { restrictionParams: { maxRetries: 1 } })
b24.offClientSideWarning()
const response = await b24.actions.v2.call.make({ method: 'profile' })
console.log(JSON.stringify(response.getData().result))
