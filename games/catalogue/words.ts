/**
 * The words titles are made of, in English, Korean and Traditional Chinese. Each family of pictures has nouns of
 * its own, so a title always fits what the reels show. The lists never change, not even by growing: their lengths
 * and order make the titles, and a published title keeps its game.
 */
export type Words = { en: string; ko: string; zh: string };
export type FamilyName = 'orchard' | 'gems' | 'lantern' | 'forest' | 'ocean' | 'cosmos' | 'desert' | 'sweets';

function words(lines: string): Words[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => {
      const [en = '', ko = '', zh = ''] = line.split('|').map((word) => word.trim());
      return { en, ko, zh };
    });
}

export const FAMILIES: readonly FamilyName[] = [
  'orchard',
  'gems',
  'lantern',
  'forest',
  'ocean',
  'cosmos',
  'desert',
  'sweets',
];

export const MOODS = words(`
  Amber|호박빛|琥珀
  Whispering|속삭이는|低語
  Midnight|한밤의|午夜
  Gilded|금박|鎏金
  Drifting|떠도는|漂流
  Scarlet|진홍빛|緋紅
  Quiet|고요한|靜謐
  Dancing|춤추는|飛舞
  Velvet|벨벳|絲絨
  Bright|눈부신|璀璨
  Hidden|숨겨진|隱秘
  Merry|흥겨운|歡樂
  Silver|은빛|銀色
  Wandering|방랑하는|流浪
  Crimson|붉은|赤紅
  Dreaming|꿈꾸는|夢幻
  Copper|구릿빛|古銅
  Singing|노래하는|歌唱
  Emerald|에메랄드|翡翠
  Restless|잠 못 드는|不眠
  Violet|보랏빛|紫羅蘭
  Glowing|빛나는|發光
  Secret|비밀의|秘密
  Winter|겨울|冬日
`);

export const NOUNS: Readonly<Record<FamilyName, readonly Words[]>> = {
  orchard: words(`
    Cherry Terrace|체리 테라스|櫻桃露台
    Plum Garden|자두 정원|李子花園
    Citrus Alley|감귤 골목|柑橘小巷
    Melon Barn|멜론 헛간|蜜瓜穀倉
    Grape Arbor|포도 넝쿨|葡萄藤架
    Market Basket|장바구니|市集果籃
    Apricot Lane|살구길|杏子小徑
  `),
  gems: words(`
    Crown Vault|왕관 금고|皇冠寶庫
    Jewel Mill|보석 방앗간|寶石磨坊
    Opal Stair|오팔 계단|蛋白石階
    Ruby Court|루비 궁정|紅寶石庭
    Prism Hall|프리즘 홀|稜鏡大廳
    Lapidary Tower|세공사의 탑|玉匠之塔
    Sapphire Gate|사파이어 문|藍寶石門
  `),
  lantern: words(`
    Lantern Ferry|등불 나룻배|燈籠渡船
    Koi Bridge|잉어 다리|錦鯉橋
    Paper Fan|종이 부채|紙扇
    Tea Pavilion|다정|茶亭
    Plum Moon|매화 달|梅月
    Night Bazaar|야시장|夜市
    Bamboo Gate|대나무 문|竹門
  `),
  forest: words(`
    Fox Orchestra|여우 악단|狐狸樂團
    Acorn Express|도토리 급행|橡果快車
    Owl Lighthouse|올빼미 등대|貓頭鷹燈塔
    Mushroom Fair|버섯 장터|蘑菇市集
    Fern Hollow|고사리 골짜기|蕨谷
    Moss Palace|이끼 궁전|苔蘚宮殿
    Maple Parade|단풍 행렬|楓葉巡遊
  `),
  ocean: words(`
    Pearl Harvest|진주 수확|採珠
    Turtle Regatta|거북 경주|海龜賽舟
    Coral Carousel|산호 회전목마|珊瑚木馬
    Tide Library|밀물 도서관|潮汐書房
    Starfish Bay|불가사리 만|海星灣
    Shell Market|조개 시장|貝殼市集
    Reef Waltz|산호초 왈츠|礁岩圓舞曲
  `),
  cosmos: words(`
    Comet Post|혜성 우체국|彗星郵局
    Moon Foundry|달 공방|月球工坊
    Planet Bazaar|행성 장터|行星市集
    Rocket Garden|로켓 정원|火箭花園
    Nebula Train|성운 열차|星雲列車
    Orbit Diner|궤도 식당|軌道餐館
    Star Harbor|별 항구|星港
  `),
  desert: words(`
    Scarab Caravan|풍뎅이 대상|聖甲蟲商隊
    Oasis Court|오아시스 궁정|綠洲宮廷
    Sandstone Cat|사암 고양이|砂岩貓
    Sun Archive|태양 서고|太陽書庫
    Dune Compass|모래언덕 나침반|沙丘羅盤
    Papyrus Boat|파피루스 배|紙莎草舟
    Obelisk Road|오벨리스크 길|方尖碑之路
  `),
  sweets: words(`
    Sugar Atelier|설탕 공방|糖果工坊
    Cupcake Theater|컵케이크 극장|杯子蛋糕劇院
    Candy Tram|사탕 전차|糖果電車
    Donut Balloon|도넛 풍선|甜甜圈氣球
    Toffee Clock|토피 시계|太妃糖鐘
    Cream Castle|크림 성|奶油城堡
    Lollipop Row|막대사탕 거리|棒棒糖街
  `),
};

/** Rooms and kinds of the table games. */
export const ROOMS = words(`
  Jade Room|제이드 룸|翡翠廳
  Han River Room|한강 룸|漢江廳
  Crane Room|두루미 룸|仙鶴廳
  Ivory Room|아이보리 룸|象牙廳
  Maple Room|메이플 룸|楓葉廳
  Harbor Room|하버 룸|海港廳
  Aurora Room|오로라 룸|極光廳
  Camellia Room|동백 룸|山茶廳
`);

export const TABLE_KINDS: readonly (Words & { type: string })[] = [
  { type: 'baccarat', en: 'Baccarat', ko: '바카라', zh: '百家樂' },
  { type: 'baccarat', en: 'Quick Baccarat', ko: '퀵 바카라', zh: '快速百家樂' },
  { type: 'roulette', en: 'Roulette', ko: '룰렛', zh: '輪盤' },
  { type: 'dragontiger', en: 'Dragon Tiger', ko: '드래곤 타이거', zh: '龍虎' },
  { type: 'blackjack', en: 'Blackjack', ko: '블랙잭', zh: '二十一點' },
  { type: 'sicbo', en: 'Sic Bo', ko: '식보', zh: '骰寶' },
];
