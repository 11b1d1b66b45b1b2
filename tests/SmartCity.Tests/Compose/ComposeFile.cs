using System.Text.RegularExpressions;
using SmartCity.Tests.Structure;
using YamlDotNet.RepresentationModel;

namespace SmartCity.Tests.Compose;

/// <summary>What docker-compose.yml says. No Docker is needed to read it.</summary>
internal sealed partial class ComposeFile
{
    private readonly YamlMappingNode root;

    private ComposeFile(YamlMappingNode root) => this.root = root;

    /// <summary>As it is, before variables are replaced.</summary>
    public static string Text => File.ReadAllText(Path.Combine(Repository.Root, "docker-compose.yml"));

    /// <summary>The names of all services.</summary>
    public IReadOnlyList<string> Services => Keys(Map(root, "services"));

    /// <summary>The names of all secrets.</summary>
    public IReadOnlyList<string> Secrets => Keys(Map(root, "secrets"));

    /// <summary>The names of all volumes.</summary>
    public IReadOnlyList<string> Volumes => Keys(Map(root, "volumes"));

    public static ComposeFile Read()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Text));
        return new ComposeFile((YamlMappingNode)yaml.Documents[0].RootNode);
    }

    public YamlMappingNode Service(string name) => Map(Map(root, "services"), name);

    /// <summary>A service's environment, as its process sees it when nobody set a variable.</summary>
    public Dictionary<string, string> EnvironmentOf(string service) => Map(Service(service), "environment").Children
        .ToDictionary(pair => Word(pair.Key), pair => Shell(Word(pair.Value)), StringComparer.Ordinal);

    /// <summary>A list of words, as processes see them; a single word is a list of one.</summary>
    public IReadOnlyList<string> Words(string service, params string[] path)
    {
        if (!path[..^1].Aggregate(Service(service), Map).Children.TryGetValue(path[^1], out var node))
        {
            return [];
        }
        return node switch
        {
            YamlSequenceNode list => [.. list.Select(item => item is YamlScalarNode ? Shell(Word(item)) : item.ToString())],
            _ => [Shell(Word(node))],
        };
    }

    /// <summary>Which file under /run/secrets is which secret.</summary>
    public Dictionary<string, string> SecretFilesOf(string service) =>
        Service(service).Children.TryGetValue("secrets", out var list)
            ? ((YamlSequenceNode)list).ToDictionary(
                item => item is YamlMappingNode long_ ? Word(long_["target"]) : Word(item),
                item => item is YamlMappingNode long_ ? Word(long_["source"]) : Word(item), StringComparer.Ordinal)
            : [];

    public static YamlMappingNode Map(YamlMappingNode node, string key) => (YamlMappingNode)node[key];

    public static string Word(YamlNode node) => ((YamlScalarNode)node).Value!;

    private static List<string> Keys(YamlMappingNode node) => [.. node.Children.Keys.Select(Word)];

    // ${NAME:-default} is its default, $$ a dollar sign.
    private static string Shell(string text) =>
        Default().Replace(text, "$1").Replace("$$", "$", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<!\$)\$\{\w+:-([^}]*)\}")]
    private static partial Regex Default();
}
