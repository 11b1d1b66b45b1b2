using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SmartCity.Storage.Registry.Migrations
{
    /// <inheritdoc />
    public partial class Repairs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "fault_actions",
                columns: table => new
                {
                    row_id = table.Column<long>(nullable: false)
                        .Numbered(),
                    id = table.Column<string>(collation: this.Ordinal(), maxLength: 64, nullable: false),
                    pile = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    port = table.Column<int>(nullable: false),
                    code = table.Column<int>(nullable: false),
                    derived = table.Column<bool>(nullable: false),
                    raised = table.Column<long>(nullable: false),
                    seen_until = table.Column<long>(nullable: false),
                    step = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    acted_by = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    assignee = table.Column<string>(collation: this.Ordinal(), nullable: true),
                    note = table.Column<string>(collation: this.Ordinal(), nullable: true),
                    override_reason = table.Column<string>(collation: this.Ordinal(), nullable: true),
                    recorded_at = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_fault_actions", x => x.row_id);
                });

            migrationBuilder.CreateTable(
                name: "maintenance",
                columns: table => new
                {
                    row_id = table.Column<long>(nullable: false)
                        .Numbered(),
                    id = table.Column<string>(collation: this.Ordinal(), maxLength: 64, nullable: false),
                    scope = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    from_time = table.Column<long>(nullable: false),
                    until_time = table.Column<long>(nullable: false),
                    declared_by = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    reason = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    recorded_at = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_maintenance", x => x.row_id);
                    table.CheckConstraint("ck_maintenance_time", "until_time > from_time");
                });

            migrationBuilder.CreateTable(
                name: "maintenance_cancellations",
                columns: table => new
                {
                    row_id = table.Column<long>(nullable: false)
                        .Numbered(),
                    maintenance_id = table.Column<string>(collation: this.Ordinal(), maxLength: 64, nullable: false),
                    cancelled_by = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    reason = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    recorded_at = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_maintenance_cancellations", x => x.row_id);
                });

            migrationBuilder.CreateIndex(
                name: "ux_fault_actions_id",
                table: "fault_actions",
                column: "id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_maintenance_id",
                table: "maintenance",
                column: "id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_maintenance_cancellations_maintenance_id",
                table: "maintenance_cancellations",
                column: "maintenance_id",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "fault_actions");

            migrationBuilder.DropTable(
                name: "maintenance");

            migrationBuilder.DropTable(
                name: "maintenance_cancellations");
        }
    }
}
