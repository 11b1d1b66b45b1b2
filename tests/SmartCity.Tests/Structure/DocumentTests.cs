using System.Text;
using System.Text.RegularExpressions;
using SmartCity.Domain.Faults;
using SmartCity.Protocol.Mqtt;

namespace SmartCity.Tests.Structure;

/// <summary>What the documents say is in the code.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Links_lead_somewhere()
    {
        var dead = from file in Repository.Files("*.md")
                   from link in Link().Matches(File.ReadAllText(Path.Combine(Repository.Root, file)))
                   let target = link.Groups[1].Value.Split('#')[0]
                   where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
                   let path = Path.Combine(Repository.Root, Path.GetDirectoryName(file)!, target)
                   where !File.Exists(path) && !Directory.Exists(path)
                   select $"{file}: {target}";
        Assert.Empty(dead);
    }

    [Fact]
    public void The_table_of_fault_codes_is_the_code_s()
    {
        var documented = File.ReadAllLines(Path.Combine(Repository.Root, "docs/mqtt.md"))
            .Where(line => FaultRow().IsMatch(line));
        var coded = FaultCode.All.Select(code => $"| {code.Number} | {code.Name} {code.ChineseName} | "
            + $"{code.Severity.ToString().ToUpperInvariant()} | {code.Debounce.TotalSeconds} s |");
        Assert.Equal(coded, documented);
    }

    [Fact]
    public void The_examples_of_what_devices_send_are_understood_and_there_is_one_of_each_channel()
    {
        var examples = File.ReadAllLines(Path.Combine(Repository.Root, "docs/mqtt.md")).Select(line => Example().Match(line))
            .Where(match => match.Success).ToList();
        var channels = new HashSet<string>();
        foreach (var example in examples)
        {
            Assert.True(UplinkTopic.TryParse($"smartcity/v1/220204/{example.Groups[1].Value}", out var topic, out var problem), problem);
            var uplink = UplinkCodec.Decode(topic, Encoding.UTF8.GetBytes(example.Groups[2].Value), null);
            Assert.True(uplink.Problems.Count == 0, $"{example.Value}: {string.Join(' ', uplink.Problems)}");
            channels.Add($"{topic.Kind} {topic.Channel}");
        }
        Assert.Equal(10, channels.Count);
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^((?:pile|truck|point)/\S+) (\{.*\})$")]
    private static partial Regex Example();

    [GeneratedRegex(@"^\| \d{3} \|")]
    private static partial Regex FaultRow();
}
