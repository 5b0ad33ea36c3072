/** The audit log. */
import type en from '../en/audit.ts';
import type { Texts } from '../languages.ts';

export default {
  title: '稽核紀錄',
  at: '時間',
  actor: '操作者',
  action: '動作',
  subject: '對象',
  what: '變更內容',
  before: '變更前',
  ip: 'IP 位址',
  n: '編號',
  hash: '雜湊',
  empty: '尚無紀錄',
  chain_holds: '最新 %{lines} 筆紀錄前後相連（最新雜湊 %{head}）。檢查時間',
  chain_broken: '紀錄鏈在第 %{n} 筆中斷：該筆事後遭變更。檢查時間',
} satisfies Texts<typeof en>;
