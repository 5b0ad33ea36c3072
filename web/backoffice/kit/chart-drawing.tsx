/** The drawing itself: ECharts as SVG, in the colours of the theme, as wide as its place. */
import { useColorScheme, useTheme } from '@mui/material/styles';
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { decimalsIn } from './amount.ts';
import type { ChartProps } from './chart.tsx';

echarts.use([BarChart, LineChart, GridComponent, TooltipComponent, LegendComponent, SVGRenderer]);

const LIGHT = ['#0b5a7d', '#b4690e', '#5b4b8a', '#1b6e3c', '#a63446', '#51606f'];
const DARK = ['#7cc4e4', '#f0bd6c', '#c0b1f0', '#7fd69f', '#ff9c93', '#a3b1bf'];

interface DrawingProps extends ChartProps {
  readonly say: (value: number | string | null | undefined) => string;
}

export default function Drawing(props: DrawingProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts | null>(null);
  const { mode, systemMode } = useColorScheme();
  const { typography } = useTheme();
  const dark = (mode === 'system' ? systemMode : mode) === 'dark';
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const made = echarts.init(element, null, { renderer: 'svg' });
    chart.current = made;
    const watcher = new ResizeObserver(() => made.resize());
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(optionOf(props, { dark, font: typography.fontFamily ?? 'sans-serif' }), true);
  });
  return <div ref={place} style={{ width: '100%', height: '100%' }} />;
}

interface Look {
  readonly dark: boolean;
  readonly font: string;
}

function optionOf({ labels, series, currency, say }: DrawingProps, { dark, font }: Look) {
  const scale = 10 ** (currency === undefined ? 0 : decimalsIn(currency));
  const line = dark ? '#2b3742' : '#dde3e9';
  const text = { color: dark ? '#a3b1bf' : '#51606f', fontFamily: font, fontSize: 12 };
  const paper = { backgroundColor: dark ? '#18212a' : '#ffffff', borderColor: line };
  return {
    animation: false,
    color: dark ? DARK : LIGHT,
    textStyle: text,
    grid: { left: 8, right: 12, top: series.length > 1 ? 34 : 12, bottom: 4, containLabel: true },
    ...(series.length > 1 ? { legend: { top: 0, type: 'scroll', textStyle: text } } : {}),
    tooltip: {
      trigger: 'axis',
      confine: true,
      ...paper,
      textStyle: { ...text, color: dark ? '#e6ecf2' : '#17212b' },
      // Drawn in units; said from what it came from, to the last digit.
      formatter: (points: readonly { seriesIndex: number; dataIndex: number; marker: string }[]) => {
        const [first] = points;
        const lines = points.map(({ seriesIndex, dataIndex, marker }) => {
          const one = series[seriesIndex];
          return `${marker}${escaped(one?.name ?? '')} <b>${escaped(say(one?.values[dataIndex]))}</b>`;
        });
        return [escaped(labels[first?.dataIndex ?? 0] ?? ''), ...lines].join('<br>');
      },
    },
    xAxis: { type: 'category', data: labels, axisLine: { lineStyle: { color: line } }, axisLabel: text },
    yAxis: { type: 'value', splitLine: { lineStyle: { color: line } }, axisLabel: text },
    series: series.map(({ name, type, values }) => ({
      name,
      type,
      showSymbol: labels.length < 3,
      barMaxWidth: 28,
      data: values.map((value) => (value === null ? null : Number(value) / scale)),
    })),
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
