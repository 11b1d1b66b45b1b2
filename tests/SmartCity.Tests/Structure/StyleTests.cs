using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SmartCity.Tests.Structure;

/// <summary>The hard stops of the style guide (CONTRIBUTING.md).</summary>
public sealed partial class StyleTests
{
    private const int FileLinesMax = 400;
    private const int MethodLinesMax = 70;
    private const int LineCharsMax = 140;
    private static readonly string[] BannedSuffixes = ["Manager", "Helper", "Helpers", "Util", "Utils", "Info", "Data"];

    [Fact]
    public void Files_stay_under_the_hard_stop()
    {
        var tooLong = Repository.Files("*.cs").Select(f => (File: f, Lines: Repository.Lines(f).Length))
            .Where(f => f.Lines > FileLinesMax).Select(f => $"{f.File}: {f.Lines} lines");
        Assert.Empty(tooLong);
    }

    [Fact]
    public void Lines_fit_a_screen()
    {
        var tooLong = from file in Repository.Files("*.cs")
                      from line in Repository.Lines(file).Select((text, index) => (text, index))
                      where line.text.Length > LineCharsMax
                      select $"{file}:{line.index + 1}";
        Assert.Empty(tooLong);
    }

    [Fact]
    public void Methods_stay_under_the_hard_stop()
    {
        var tooLong = from file in Repository.Files("*.cs")
                      from method in Parse(file).DescendantNodes().OfType<BaseMethodDeclarationSyntax>()
                      let lines = LinesOf(method)
                      where lines > MethodLinesMax
                      select $"{file}: {(method as MethodDeclarationSyntax)?.Identifier.Text ?? "constructor"} has {lines} lines";
        Assert.Empty(tooLong);
    }

    [Fact]
    public void Types_are_named_by_what_they_are()
    {
        var bad = from file in Repository.Files("*.cs")
                  from type in Parse(file).DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
                  where BannedSuffixes.Any(s => type.Identifier.Text.EndsWith(s, StringComparison.Ordinal))
                  select $"{file}: {type.Identifier.Text}";
        Assert.Empty(bad);
    }

    [Fact]
    public void Nothing_is_left_unfinished()
    {
        var bad = from file in Repository.Files("*.cs").Where(f => !f.EndsWith("StyleTests.cs", StringComparison.Ordinal))
                  from line in Repository.Lines(file).Select((text, index) => (text, index))
                  where Unfinished().IsMatch(line.text)
                  select $"{file}:{line.index + 1}: {line.text.Trim()}";
        Assert.Empty(bad);
    }

    [Fact]
    public void No_exception_is_swallowed()
    {
        var bad = from file in Repository.Files("*.cs")
                  from clause in Parse(file).DescendantNodes().OfType<CatchClauseSyntax>()
                  where clause.Block.Statements.Count == 0 && !clause.Block.DescendantTrivia().Any(IsComment)
                  select $"{file}:{clause.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";
        Assert.Empty(bad);
    }

    [Fact]
    public void The_way_of_one_reading_can_be_read_in_one_sitting()
    {
        string[] files =
        [
            "README.md", "protos/smartcity/v1/charging.proto", "src/SmartCity.Server/Program.cs",
            "src/SmartCity.Server/ServerHost.cs",
            "src/SmartCity.Storage/Telemetry/ITelemetryStore.cs", .. DomainMainFiles,
        ];
        var lines = files.Sum(f => Repository.Lines(f).Length);
        Assert.True(lines < 900, $"{lines} lines in {string.Join(", ", files)}");
    }

    /// <summary>The domain's main files, as the README names them.</summary>
    private static string[] DomainMainFiles =>
    [
        .. ReadmeLink().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md"))).Select(m => m.Groups[1].Value),
    ];

    private static bool IsComment(SyntaxTrivia trivia) =>
        trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia);

    private static SyntaxNode Parse(string file) =>
        CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(Repository.Root, file))).GetRoot();

    private static int LinesOf(SyntaxNode node)
    {
        var span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|NotImplementedException|\bfor now\b|\bplaceholder\b|\bstub(bed)?\b|Skip = """,
        RegexOptions.IgnoreCase)]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\((src/SmartCity\.Domain/[A-Za-z/]+\.cs)\)")]
    private static partial Regex ReadmeLink();
}
