using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SmartCity.Storage.Registry.Migrations
{
    /// <inheritdoc />
    public partial class Registry : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "areas",
                columns: table => new
                {
                    row_id = table.Column<long>(nullable: false)
                        .Numbered(),
                    kind = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    name = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    parent_id = table.Column<string>(collation: this.Ordinal(), nullable: true),
                    grid_id = table.Column<string>(collation: this.Ordinal(), nullable: true),
                    id = table.Column<string>(collation: this.Ordinal(), maxLength: 64, nullable: false),
                    valid_from = table.Column<long>(nullable: false),
                    valid_until = table.Column<long>(nullable: true),
                    recorded_at = table.Column<long>(nullable: false),
                    superseded_at = table.Column<long>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_areas", x => x.row_id);
                    table.CheckConstraint("ck_areas_validity", "valid_until IS NULL OR valid_until > valid_from");
                });

            migrationBuilder.CreateTable(
                name: "assignments",
                columns: table => new
                {
                    row_id = table.Column<long>(nullable: false)
                        .Numbered(),
                    point_id = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    window_key = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    route_id = table.Column<string>(collation: this.Ordinal(), nullable: true),
                    truck_id = table.Column<string>(collation: this.Ordinal(), nullable: true),
                    weekdays = table.Column<byte>(nullable: false),
                    sequence = table.Column<int>(nullable: false),
                    id = table.Column<string>(collation: this.Ordinal(), maxLength: 64, nullable: false),
                    valid_from = table.Column<long>(nullable: false),
                    valid_until = table.Column<long>(nullable: true),
                    recorded_at = table.Column<long>(nullable: false),
                    superseded_at = table.Column<long>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_assignments", x => x.row_id);
                    table.CheckConstraint("ck_assignments_validity", "valid_until IS NULL OR valid_until > valid_from");
                });

            migrationBuilder.CreateTable(
                name: "bins",
                columns: table => new
                {
                    row_id = table.Column<long>(nullable: false)
                        .Numbered(),
                    point_id = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    epc = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    volume_l = table.Column<double>(nullable: true),
                    id = table.Column<string>(collation: this.Ordinal(), maxLength: 64, nullable: false),
                    valid_from = table.Column<long>(nullable: false),
                    valid_until = table.Column<long>(nullable: true),
                    recorded_at = table.Column<long>(nullable: false),
                    superseded_at = table.Column<long>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_bins", x => x.row_id);
                    table.CheckConstraint("ck_bins_validity", "valid_until IS NULL OR valid_until > valid_from");
                });

            migrationBuilder.CreateTable(
                name: "changes",
                columns: table => new
                {
                    recorded_at = table.Column<long>(nullable: false),
                    added = table.Column<int>(nullable: false),
                    changed = table.Column<int>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_changes", x => x.recorded_at);
                });

            migrationBuilder.CreateTable(
                name: "piles",
                columns: table => new
                {
                    row_id = table.Column<long>(nullable: false)
                        .Numbered(),
                    name = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    compound_id = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    kind = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    ports = table.Column<int>(nullable: false),
                    rated_port_power_w = table.Column<double>(nullable: true),
                    report_interval_ms = table.Column<long>(nullable: false),
                    vendor = table.Column<string>(collation: this.Ordinal(), nullable: true),
                    model = table.Column<string>(collation: this.Ordinal(), nullable: true),
                    lat = table.Column<double>(nullable: true),
                    lon = table.Column<double>(nullable: true),
                    id = table.Column<string>(collation: this.Ordinal(), maxLength: 64, nullable: false),
                    valid_from = table.Column<long>(nullable: false),
                    valid_until = table.Column<long>(nullable: true),
                    recorded_at = table.Column<long>(nullable: false),
                    superseded_at = table.Column<long>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_piles", x => x.row_id);
                    table.CheckConstraint("ck_piles_validity", "valid_until IS NULL OR valid_until > valid_from");
                });

            migrationBuilder.CreateTable(
                name: "points",
                columns: table => new
                {
                    row_id = table.Column<long>(nullable: false)
                        .Numbered(),
                    name = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    compound_id = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    lat = table.Column<double>(nullable: false),
                    lon = table.Column<double>(nullable: false),
                    radius_m = table.Column<double>(nullable: false),
                    min_dwell_ms = table.Column<long>(nullable: false),
                    households = table.Column<int>(nullable: false),
                    id = table.Column<string>(collation: this.Ordinal(), maxLength: 64, nullable: false),
                    valid_from = table.Column<long>(nullable: false),
                    valid_until = table.Column<long>(nullable: true),
                    recorded_at = table.Column<long>(nullable: false),
                    superseded_at = table.Column<long>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_points", x => x.row_id);
                    table.CheckConstraint("ck_points_validity", "valid_until IS NULL OR valid_until > valid_from");
                });

            migrationBuilder.CreateTable(
                name: "routes",
                columns: table => new
                {
                    row_id = table.Column<long>(nullable: false)
                        .Numbered(),
                    name = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    district_id = table.Column<string>(collation: this.Ordinal(), nullable: true),
                    id = table.Column<string>(collation: this.Ordinal(), maxLength: 64, nullable: false),
                    valid_from = table.Column<long>(nullable: false),
                    valid_until = table.Column<long>(nullable: true),
                    recorded_at = table.Column<long>(nullable: false),
                    superseded_at = table.Column<long>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_routes", x => x.row_id);
                    table.CheckConstraint("ck_routes_validity", "valid_until IS NULL OR valid_until > valid_from");
                });

            migrationBuilder.CreateTable(
                name: "trucks",
                columns: table => new
                {
                    row_id = table.Column<long>(nullable: false)
                        .Numbered(),
                    plate = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    district_id = table.Column<string>(collation: this.Ordinal(), nullable: true),
                    route_id = table.Column<string>(collation: this.Ordinal(), nullable: true),
                    tracked = table.Column<bool>(nullable: false),
                    position_interval_ms = table.Column<long>(nullable: false),
                    id = table.Column<string>(collation: this.Ordinal(), maxLength: 64, nullable: false),
                    valid_from = table.Column<long>(nullable: false),
                    valid_until = table.Column<long>(nullable: true),
                    recorded_at = table.Column<long>(nullable: false),
                    superseded_at = table.Column<long>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_trucks", x => x.row_id);
                    table.CheckConstraint("ck_trucks_validity", "valid_until IS NULL OR valid_until > valid_from");
                });

            migrationBuilder.CreateTable(
                name: "windows",
                columns: table => new
                {
                    row_id = table.Column<long>(nullable: false)
                        .Numbered(),
                    key = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    start_minute = table.Column<int>(nullable: false),
                    end_minute = table.Column<int>(nullable: false),
                    time_zone = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    early_tolerance_ms = table.Column<long>(nullable: false),
                    late_grace_ms = table.Column<long>(nullable: false),
                    accept_before_ms = table.Column<long>(nullable: false),
                    accept_after_ms = table.Column<long>(nullable: false),
                    id = table.Column<string>(collation: this.Ordinal(), maxLength: 64, nullable: false),
                    valid_from = table.Column<long>(nullable: false),
                    valid_until = table.Column<long>(nullable: true),
                    recorded_at = table.Column<long>(nullable: false),
                    superseded_at = table.Column<long>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_windows", x => x.row_id);
                    table.CheckConstraint("ck_windows_validity", "valid_until IS NULL OR valid_until > valid_from");
                });

            migrationBuilder.CreateIndex(
                name: "ux_areas_current",
                table: "areas",
                columns: new[] { "id", "valid_from" },
                unique: true,
                filter: "superseded_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ux_assignments_current",
                table: "assignments",
                columns: new[] { "id", "valid_from" },
                unique: true,
                filter: "superseded_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ux_bins_current",
                table: "bins",
                columns: new[] { "id", "valid_from" },
                unique: true,
                filter: "superseded_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ux_piles_current",
                table: "piles",
                columns: new[] { "id", "valid_from" },
                unique: true,
                filter: "superseded_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ux_points_current",
                table: "points",
                columns: new[] { "id", "valid_from" },
                unique: true,
                filter: "superseded_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ux_routes_current",
                table: "routes",
                columns: new[] { "id", "valid_from" },
                unique: true,
                filter: "superseded_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ux_trucks_current",
                table: "trucks",
                columns: new[] { "id", "valid_from" },
                unique: true,
                filter: "superseded_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ux_windows_current",
                table: "windows",
                columns: new[] { "id", "valid_from" },
                unique: true,
                filter: "superseded_at IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "areas");

            migrationBuilder.DropTable(
                name: "assignments");

            migrationBuilder.DropTable(
                name: "bins");

            migrationBuilder.DropTable(
                name: "changes");

            migrationBuilder.DropTable(
                name: "piles");

            migrationBuilder.DropTable(
                name: "points");

            migrationBuilder.DropTable(
                name: "routes");

            migrationBuilder.DropTable(
                name: "trucks");

            migrationBuilder.DropTable(
                name: "windows");
        }
    }
}
