/** A shower of coins over the stage for a large win. Only ornament: skipped where little motion is asked for. */
import { calmMotion } from './dom.ts';

type Coin = { x: number; y: number; vx: number; vy: number; spin: number; size: number };

const COINS = 70;
const LASTS_MS = 2_400;

function paintCoin(draw: CanvasRenderingContext2D, coin: Coin, t: number): void {
  const squeeze = Math.abs(Math.cos(coin.spin + t * 7));
  draw.save();
  draw.translate(coin.x, coin.y);
  draw.scale(Math.max(0.12, squeeze), 1);
  draw.beginPath();
  draw.arc(0, 0, coin.size, 0, Math.PI * 2);
  draw.fillStyle = '#ffcf33';
  draw.fill();
  draw.lineWidth = coin.size * 0.22;
  draw.strokeStyle = '#b97400';
  draw.stroke();
  draw.beginPath();
  draw.arc(-coin.size * 0.2, -coin.size * 0.25, coin.size * 0.3, 0, Math.PI * 2);
  draw.fillStyle = 'rgb(255 255 255 / .65)';
  draw.fill();
  draw.restore();
}

/** Lets coins burst over the stage. */
export function coinShower(stage: HTMLElement): void {
  if (calmMotion()) return;
  const canvas = document.createElement('canvas');
  canvas.className = 'coins';
  canvas.width = stage.clientWidth;
  canvas.height = stage.clientHeight;
  const draw = canvas.getContext('2d')!;
  const coins: Coin[] = Array.from({ length: COINS }, () => ({
    x: canvas.width / 2,
    y: canvas.height * 0.6,
    vx: (Math.random() - 0.5) * canvas.width * 1.3,
    vy: -canvas.height * (0.7 + Math.random() * 0.9),
    spin: Math.random() * 6,
    size: 6 + Math.random() * 9,
  }));
  stage.append(canvas);
  const startedAt = performance.now();
  let before = startedAt;
  const tick = (now: number): void => {
    const dt = Math.min(0.05, (now - before) / 1000);
    before = now;
    draw.clearRect(0, 0, canvas.width, canvas.height);
    for (const coin of coins) {
      coin.vy += canvas.height * 2.2 * dt;
      coin.x += coin.vx * dt;
      coin.y += coin.vy * dt;
      paintCoin(draw, coin, (now - startedAt) / 1000);
    }
    if (now - startedAt < LASTS_MS) requestAnimationFrame(tick);
    else canvas.remove();
  };
  requestAnimationFrame(tick);
}
