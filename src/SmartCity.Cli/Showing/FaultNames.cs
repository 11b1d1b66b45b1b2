using System.Collections.Frozen;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Showing;

/// <summary>The names that crews use of the codes in the table of faults.</summary>
internal static class FaultNames
{
    private static readonly FrozenDictionary<int, string> Chinese = new Dictionary<int, string>
    {
        [101] = "烟雾报警",
        [102] = "端口过温",
        [103] = "箱体过温",
        [104] = "导线过温",
        [105] = "灭火装置触发",
        [106] = "温升异常",
        [107] = "环境低温",
        [201] = "过流",
        [202] = "短路",
        [203] = "漏电",
        [204] = "端口超功率",
        [205] = "整桩超功率",
        [206] = "动态过载",
        [207] = "过压",
        [208] = "欠压",
        [209] = "市电断电",
        [210] = "保险丝熔断",
        [211] = "防雷器故障",
        [301] = "继电器粘连",
        [302] = "继电器无法闭合",
        [401] = "计量故障",
        [402] = "检测电路故障",
        [403] = "插头检测故障",
        [404] = "存储器损坏",
        [405] = "无温度传感器",
        [501] = "插座接触不良",
        [502] = "插座弹片卡住",
        [503] = "枪锁故障",
        [601] = "柜门打开",
        [602] = "倾斜",
        [603] = "水浸",
        [604] = "急停按下",
        [701] = "离线",
        [702] = "信号弱",
        [703] = "读卡器故障",
        [704] = "时钟无效",
        [705] = "状态频繁跳变",
        [801] = "车辆通信故障",
        [802] = "导引信号故障",
        [803] = "绝缘故障",
        [804] = "电源模块故障",
        [901] = "内部错误",
        [902] = "固件升级失败",
        [999] = "厂商其他故障",
    }.ToFrozenDictionary();

    /// <summary><c>102 PORT_OVER_TEMPERATURE 端口过温</c></summary>
    public static string Of(Fault fault) => $"{fault.Code} {fault.CodeName} {Of(fault.Code)}".TrimEnd();

    /// <summary>The crews' name of a code; empty when the table does not know it.</summary>
    public static string Of(int code) => Chinese.GetValueOrDefault(code, "");
}
