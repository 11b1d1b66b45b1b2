using SmartCity.Server;

return await ServerHost.RunAsync(args);
