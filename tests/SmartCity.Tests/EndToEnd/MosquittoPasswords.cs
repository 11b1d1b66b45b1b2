using System.Diagnostics;

namespace SmartCity.Tests.EndToEnd;

/// <summary>A password file, made as an operator makes it.</summary>
internal static class MosquittoPasswords
{
    public static async Task AddAsync(string file, string user, string password)
    {
        string[] create = File.Exists(file) ? [] : ["-c"];
        using var tool = Process.Start("mosquitto_passwd", [.. create, "-b", file, user, password]);
        await tool.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, tool.ExitCode);
    }
}
