using SmartCity.Cli;

namespace SmartCity.Tests.Cli;

public sealed class HelpTests
{
    [Theory]
    [InlineData("ports")]
    [InlineData("utilization")]
    [InlineData("sessions")]
    [InlineData("timeline")]
    [InlineData("overstays")]
    [InlineData("capacity")]
    [InlineData("faults")]
    [InlineData("fault", "ack")]
    [InlineData("fault", "assign")]
    [InlineData("fault", "resolve")]
    [InlineData("fault", "close")]
    [InlineData("fault-stats")]
    [InlineData("incidents")]
    [InlineData("maintenance", "declare")]
    [InlineData("maintenance", "list")]
    [InlineData("maintenance", "cancel")]
    [InlineData("compliance")]
    [InlineData("obligations")]
    [InlineData("explain")]
    [InlineData("visits")]
    [InlineData("trucks")]
    [InlineData("exceptions", "list")]
    [InlineData("exceptions", "declare")]
    [InlineData("exceptions", "approve")]
    [InlineData("exceptions", "reject")]
    [InlineData("exceptions", "withdraw")]
    [InlineData("confirm")]
    [InlineData("confirm", "accept")]
    [InlineData("confirm", "reject")]
    [InlineData("confirm", "list")]
    [InlineData("ingest")]
    [InlineData("dead-letters")]
    [InlineData("dead-letters", "replay")]
    [InlineData("receipts")]
    [InlineData("gaps")]
    [InlineData("assets", "list")]
    [InlineData("assets", "get")]
    [InlineData("assets", "import")]
    [InlineData("assets", "export")]
    [InlineData("watch", "ports")]
    [InlineData("watch", "faults")]
    public async Task The_help_of_a_command_ends_with_examples_that_make_sense(params string[] command)
    {
        var help = await HelpAsync([.. command, "--help"]);

        var examples = help[help.IndexOf("Examples:", StringComparison.Ordinal)..].ReplaceLineEndings("\n").Split('\n')[1..^1];
        Assert.NotEmpty(examples);
        var start = $"  smartcity {string.Join(' ', command)}";
        Assert.All(examples, line => Assert.StartsWith(start, line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_help_of_the_whole_names_every_command_in_a_line_of_its_own()
    {
        var lines = (await HelpAsync("--help")).ReplaceLineEndings("\n").Split('\n');

        Assert.All(lines, line => Assert.True(line.Length < 140, line));
        Assert.Single(lines, line => line.Contains("utilization  ", StringComparison.Ordinal));
        Assert.Single(lines, line => line.Contains("Examples:", StringComparison.Ordinal));
    }

    private static async Task<string> HelpAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(0, await CommandLine.RunAsync(args, output, error, TestContext.Current.CancellationToken));
        Assert.Equal("", error.ToString());
        return output.ToString();
    }
}
