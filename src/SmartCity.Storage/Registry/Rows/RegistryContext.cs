using System.Text;
using Microsoft.EntityFrameworkCore;

namespace SmartCity.Storage.Registry.Rows;

/// <summary>The tables of the registry: one per kind of asset, the moments of change, and what people decided and did.</summary>
internal sealed class RegistryContext(DbContextOptions<RegistryContext> options) : DbContext(options)
{
    public DbSet<ChangeRow> Changes => Set<ChangeRow>();

    public DbSet<ExceptionRow> Exceptions => Set<ExceptionRow>();

    public DbSet<ConfirmationRow> Confirmations => Set<ConfirmationRow>();

    public DbSet<DecisionRow> Decisions => Set<DecisionRow>();

    public DbSet<FaultActionRow> FaultActions => Set<FaultActionRow>();

    public DbSet<MaintenanceRow> Maintenance => Set<MaintenanceRow>();

    public DbSet<MaintenanceCancellationRow> MaintenanceCancellations => Set<MaintenanceCancellationRow>();

    /// <summary>All rows of all kinds that match, in no order.</summary>
    public IEnumerable<AssetRow> Rows(Func<IQueryable<AssetRow>, IQueryable<AssetRow>> where) =>
    [
        .. where(Set<AreaRow>()), .. where(Set<PileRow>()), .. where(Set<TruckRow>()), .. where(Set<RouteRow>()),
        .. where(Set<PointRow>()), .. where(Set<BinRow>()), .. where(Set<WindowRow>()), .. where(Set<AssignmentRow>()),
    ];

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        Map<AreaRow>(modelBuilder, "areas");
        Map<PileRow>(modelBuilder, "piles");
        Map<TruckRow>(modelBuilder, "trucks");
        Map<RouteRow>(modelBuilder, "routes");
        Map<PointRow>(modelBuilder, "points");
        Map<BinRow>(modelBuilder, "bins");
        Map<WindowRow>(modelBuilder, "windows");
        Map<AssignmentRow>(modelBuilder, "assignments");
        modelBuilder.Entity<AreaRow>().Property(a => a.Kind).HasConversion<string>();
        modelBuilder.Entity<PileRow>().Property(p => p.Kind).HasConversion<string>();
        modelBuilder.Entity<ChangeRow>(change =>
        {
            change.ToTable("changes").HasKey(c => c.RecordedAt);
            change.Property(c => c.RecordedAt).ValueGeneratedNever();
        });
        MapDecisions(modelBuilder);
        MapRepairs(modelBuilder);
        modelBuilder.UseIdentityByDefaultColumns(); // Says to PostgreSQL what SQLite does by itself.
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            property.SetColumnName(SnakeCase(property.Name));
        }
    }

    /// <summary>What people decided about collections; only ever added to.</summary>
    private static void MapDecisions(ModelBuilder model)
    {
        model.Entity<ExceptionRow>(row =>
        {
            row.ToTable("collection_exceptions").HasKey(r => r.RowId);
            row.HasIndex(r => r.Id).IsUnique();
            row.HasIndex(r => r.LastDate);
        });
        model.Entity<ConfirmationRow>(row =>
        {
            row.ToTable("collection_confirmations").HasKey(r => r.RowId);
            row.HasIndex(r => r.Id).IsUnique();
            row.HasIndex(r => r.CollectedAt);
            row.HasIndex(r => r.ObligationId);
        });
        model.Entity<DecisionRow>(row =>
        {
            row.ToTable("collection_decisions").HasKey(r => r.RowId);
            row.HasIndex(r => new { r.Subject, r.SubjectId });
            row.HasIndex(r => new { r.Subject, r.AboutAt });
        });
    }

    /// <summary>What people did about faults; only ever added to.</summary>
    private static void MapRepairs(ModelBuilder model)
    {
        model.Entity<FaultActionRow>(action =>
        {
            action.ToTable("fault_actions").HasKey(a => a.RowId);
            action.Property(a => a.Id).HasMaxLength(64).IsRequired();
            action.Property(a => a.Step).HasConversion<string>();
            action.HasIndex(a => a.Id, "ux_fault_actions_id").IsUnique();
        });
        model.Entity<MaintenanceRow>(work =>
        {
            work.ToTable("maintenance", t => t.HasCheckConstraint("ck_maintenance_time", "until_time > from_time"));
            work.HasKey(w => w.RowId);
            work.Property(w => w.Id).HasMaxLength(64).IsRequired();
            work.HasIndex(w => w.Id, "ux_maintenance_id").IsUnique();
        });
        model.Entity<MaintenanceCancellationRow>(cancelled =>
        {
            cancelled.ToTable("maintenance_cancellations").HasKey(c => c.RowId);
            cancelled.Property(c => c.MaintenanceId).HasMaxLength(64);
            cancelled.HasIndex(c => c.MaintenanceId, "ux_maintenance_cancellations_maintenance_id").IsUnique();
        });
    }

    private static void Map<T>(ModelBuilder model, string table) where T : AssetRow => model.Entity<T>(row =>
    {
        row.ToTable(table, t => t.HasCheckConstraint($"ck_{table}_validity", "valid_until IS NULL OR valid_until > valid_from"));
        row.HasKey(r => r.RowId);
        row.Property(r => r.Id).HasMaxLength(64).IsRequired();
        // What is known now: one version of an asset may begin at a moment.
        row.HasIndex(r => new { r.Id, r.ValidFrom }, $"ux_{table}_current").IsUnique().HasFilter("superseded_at IS NULL");
    });

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }
}
