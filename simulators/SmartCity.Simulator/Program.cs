using SmartCity.Simulator;

return await Commands.Root().Parse(args).InvokeAsync();
