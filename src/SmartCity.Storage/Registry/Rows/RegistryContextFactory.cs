using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace SmartCity.Storage.Registry.Rows;

/// <summary>For <c>dotnet ef migrations add</c> only; no database is opened.</summary>
internal sealed class RegistryContextFactory : IDesignTimeDbContextFactory<RegistryContext>
{
    public RegistryContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<RegistryContext>().UseSqlite("Data Source=registry.db").Options);
}
