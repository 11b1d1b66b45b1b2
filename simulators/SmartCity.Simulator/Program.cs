using System.CommandLine;
using SmartCity.Simulator;

// Ctrl-C lets what is on its way be acknowledged.
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(40) };
return await Commands.Root().Parse(args).InvokeAsync(configuration);
