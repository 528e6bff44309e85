"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
  const number = new Intl.NumberFormat("en");
  const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
  const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, "0")}`;
  const day = (iso) => new Date(`${iso}T12:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
  const escape = (text) => echarts.format.encodeHTML(String(text));
  const narrow = (element) => element.clientWidth < 480;
  const total = (values) => values.reduce((sum, each) => sum + each, 0);

  function look() {
    const style = getComputedStyle(document.documentElement);
    return (name) => style.getPropertyValue(`--${name}`).trim();
  }

  function base(color) {
    return {
      animation: false,
      textStyle: { fontFamily: "system-ui, sans-serif", color: color("text") },
      tooltip: { confine: true, backgroundColor: color("card"), borderColor: color("line"), textStyle: { color: color("text") } },
      grid: { left: 4, right: 16, top: 12, bottom: 4, containLabel: true },
    };
  }
  const axis = (color, more) => ({
    axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: color("faint"), ...more?.axisLabel },
    splitLine: { show: false }, nameTextStyle: { color: color("faint") }, ...more, axisLabel: { color: color("faint"), hideOverlap: true, ...more?.axisLabel },
  });
  const values = (color, more) => axis(color, { type: "value", splitLine: { lineStyle: { color: color("line") } }, splitNumber: 4, axisLabel: { formatter: (v) => short.format(v) }, ...more });
  const rows = (color, element, names) => axis(color, {
    type: "category", inverse: true, data: names.map((name) => (name.length > 44 ? `${name.slice(0, 43)}…` : name)),
    axisLabel: { color: color("text"), interval: 0, width: narrow(element) ? 118 : 170, overflow: "break", lineHeight: 14 },
  });

  const charts = {
    funnel: (color, element) => ({
      ...base(color),
      grid: { left: 4, right: narrow(element) ? 98 : 130, top: 4, bottom: 4, containLabel: true },
      xAxis: { type: "value", show: false, max: data.funnel.length ? data.funnel[0].value : null },
      yAxis: rows(color, element, data.funnel.map((each) => each.name)),
      series: [{
        type: "bar", barWidth: "68%", itemStyle: { color: color("good"), borderRadius: 3 },
        data: data.funnel.map((each, place) => ({ value: each.value, itemStyle: { opacity: 0.55 + (0.45 * (place + 1)) / data.funnel.length } })),
        label: { show: true, opacity: 1, position: "right", color: color("text"), formatter: ({ dataIndex }) => `${narrow(element) ? short.format(data.funnel[dataIndex].value) : number.format(data.funnel[dataIndex].value)}  ${data.funnel[dataIndex].share}` },
      }],
      tooltip: { ...base(color).tooltip, formatter: ({ dataIndex }) => `${data.funnel[dataIndex].name}: ${number.format(data.funnel[dataIndex].value)} (${data.funnel[dataIndex].share})` },
    }),

    exits: (color, element) => {
      const shades = { REJECTED: "bad", EXPIRED: "worse" };
      return {
        ...base(color),
        grid: { left: 4, right: 60, top: 4, bottom: 4, containLabel: true },
        xAxis: { type: "value", show: false },
        yAxis: rows(color, element, data.exits.map((each) => each.name)),
        series: [{
          type: "bar", barMaxWidth: 22,
          data: data.exits.map((each) => ({ value: each.value, itemStyle: { color: color(shades[each.status] ?? "other"), borderRadius: 3 } })),
          label: { show: true, position: "right", color: color("text"), formatter: ({ value }) => number.format(value) },
        }],
        tooltip: { ...base(color).tooltip, formatter: ({ dataIndex }) => `${escape(data.exits[dataIndex].name)}: ${number.format(data.exits[dataIndex].value)} orders` },
      };
    },

    waiting: (color) => {
      const { bars, step, marks, longest } = data.waiting;
      const from = (place) => place * step;
      const span = bars.length * step;
      const unit = span > 180 ? 60 : 1;
      const interval = [1, 2, 5, 10, 20, 30, 60, 120, 240].find((each) => each * 8 >= span) ?? 240;
      const label = (place) => (from(place) >= longest ? `${minutes(from(place))} or more` : `${minutes(from(place))} to ${minutes(from(place + 1))}`);
      return {
        ...base(color),
        grid: { left: 4, right: 20, top: 44, bottom: 22, containLabel: true },
        xAxis: [
          axis(color, { type: "category", show: false, data: bars.map((_, place) => place) }),
          axis(color, { type: "value", position: "bottom", min: 0, max: span, interval, name: unit === 60 ? "minutes" : "seconds", nameLocation: "middle", nameGap: 26, axisLabel: { formatter: (v) => String(v / unit) }, axisLine: { show: true, lineStyle: { color: color("line") } } }),
        ],
        yAxis: values(color, { minInterval: 1 }),
        series: [
          { type: "bar", barCategoryGap: "8%", itemStyle: { color: color("good") }, data: bars },
          { type: "line", xAxisIndex: 1, data: [], markLine: {
            symbol: "none", silent: true, lineStyle: { color: color("text"), type: "dashed" },
            data: marks.map((each, place) => ({ xAxis: each.seconds, label: { formatter: each.name, color: color("text"), position: "end", align: each.seconds < span / 2 ? "left" : "right", distance: place ? 4 : 20 } })),
          } },
        ],
        tooltip: { ...base(color).tooltip, trigger: "item", formatter: ({ dataIndex, value }) => `${label(dataIndex)} min: ${number.format(value)} orders` },
      };
    },

    hours: (color, element) => {
      const high = Math.max(1, ...data.hours.map((each) => each[2]));
      return {
        ...base(color),
        grid: { left: 4, right: 8, top: 8, bottom: 56, containLabel: true },
        xAxis: axis(color, { type: "category", data: [...Array(24).keys()], axisLabel: { interval: narrow(element) ? 5 : 2, formatter: (hour) => `${hour}:00` } }),
        yAxis: axis(color, { type: "category", inverse: true, data: days, axisLabel: { color: color("text"), interval: 0 } }),
        visualMap: { min: 0, max: high, calculable: false, orient: "horizontal", left: "center", bottom: 0, itemWidth: 12, itemHeight: 120, text: [`${number.format(high)} orders`, "0"], textStyle: { color: color("faint") }, inRange: { color: [color("low"), color("high")] } },
        series: [{ type: "heatmap", data: data.hours, itemStyle: { borderColor: color("card"), borderWidth: 2, borderRadius: 3 }, emphasis: { itemStyle: { borderColor: color("text") } } }],
        tooltip: { ...base(color).tooltip, formatter: ({ value }) => `${days[value[1]]} ${value[0]}:00: ${number.format(value[2])} orders` },
      };
    },

    restaurants: (color, element) => {
      const ends = [["COMPLETED", "Completed", "good"], ["REJECTED", "Rejected", "bad"], ["EXPIRED", "No answer in time", "worse"], ["OTHER", "Other", "other"]];
      return {
        ...base(color),
        legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, textStyle: { color: color("text") }, data: ends.map((each) => each[1]) },
        grid: { left: 4, right: 24, top: narrow(element) ? 60 : 36, bottom: 4, containLabel: true },
        xAxis: values(color, { minInterval: 1, splitNumber: narrow(element) ? 3 : 6 }),
        yAxis: rows(color, element, data.restaurants.map((each) => each.name)),
        series: ends.map(([key, name, shade]) => ({ type: "bar", stack: "all", name, barMaxWidth: 22, itemStyle: { color: color(shade) }, data: data.restaurants.map((each) => each[key]) })),
        tooltip: { ...base(color).tooltip, trigger: "axis", axisPointer: { type: "shadow" }, formatter: (found) => {
          const row = data.restaurants[found[0].dataIndex];
          const all = total(ends.map(([key]) => row[key]));
          return [`<b>${escape(row.name)}</b>`, ...ends.map(([key, name]) => `${name}: ${number.format(row[key])} (${((100 * row[key]) / all).toFixed(1)} %)`)].join("<br>");
        } },
      };
    },
  };

  function revenue(color, panel) {
    const many = panel.days.length > 45;
    return {
      ...base(color),
      grid: { left: 4, right: 12, top: 10, bottom: 4, containLabel: true },
      xAxis: axis(color, { type: "category", data: panel.days, boundaryGap: !many, axisLabel: { formatter: day, hideOverlap: true } }),
      yAxis: values(color, { splitNumber: 2 }),
      series: [many
        ? { type: "line", showSymbol: false, sampling: "lttb", lineStyle: { color: color("good"), width: 1.5 }, itemStyle: { color: color("good") }, areaStyle: { color: color("good"), opacity: 0.15 }, data: panel.values }
        : { type: "bar", barMaxWidth: 40, itemStyle: { color: color("good") }, data: panel.values }],
      tooltip: { ...base(color).tooltip, trigger: "axis", formatter: ([found]) => `${day(found.name)}: ${found.value.toLocaleString("en", { minimumFractionDigits: panel.digits, maximumFractionDigits: panel.digits })} ${escape(panel.currency)}` },
    };
  }

  const drawn = [];
  function draw(element, option) {
    const chart = echarts.init(element, null, { renderer: "svg" });
    const paint = () => chart.setOption(option(look(), element), true);
    paint();
    drawn.push(paint);
    new ResizeObserver(() => { chart.resize(); paint(); }).observe(element);
  }

  const tall = { funnel: data.exits.length,  exits: data.exits.length, restaurants: data.restaurants.length };
  for (const [id, option] of Object.entries(charts)) {
    const element = document.getElementById(id);
    if (id in tall) element.style.height = `${Math.max(id !== "restaurants" ? 320 : 160, tall[id] * 34 + 70)}px`;
    draw(element, option);
  }
  for (const element of document.querySelectorAll("[data-panel]")) draw(element, (color) => revenue(color, data.revenue[Number(element.dataset.panel)]));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn.forEach((paint) => paint()));
})();
