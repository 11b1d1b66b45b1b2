using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace SmartCity.Cli.Asking;

/// <summary>A command whose own help ends with examples, and whose line in other helps does not.</summary>
internal sealed class ExampleCommand(string name, string description, string examples) : Command(name, description)
{
    /// <summary>Makes the help of <paramref name="root"/> and of all its commands show examples.</summary>
    public static void ShowIn(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new Help((HelpAction)help.Action!);
    }

    private sealed class Help(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true; // Who asks for help need not have typed the rest.

        public override int Invoke(ParseResult parseResult)
        {
            var code = help.Invoke(parseResult);
            if (parseResult.CommandResult.Command is ExampleCommand command)
            {
                var output = parseResult.InvocationConfiguration.Output;
                output.WriteLine("Examples:");
                foreach (var line in command.Examples)
                {
                    output.WriteLine($"  {line}");
                }
            }
            return code;
        }
    }

    private IEnumerable<string> Examples => examples.Split('\n', StringSplitOptions.TrimEntries);
}
