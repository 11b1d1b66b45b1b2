using System.Text;
using SmartCity.Cli;

Console.OutputEncoding = Encoding.UTF8;
var pretty = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
var terminal = new Terminal(
    Console.Out, Console.Error, TimeProvider.System, pretty, Console.IsOutputRedirected ? null : Console.WindowWidth);
return await CommandLine.RunAsync(args, terminal, CancellationToken.None);
