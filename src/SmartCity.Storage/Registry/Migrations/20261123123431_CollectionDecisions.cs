using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SmartCity.Storage.Registry.Migrations
{
    /// <inheritdoc />
    public partial class CollectionDecisions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "collection_confirmations",
                columns: table => new
                {
                    row_id = table.Column<long>(nullable: false)
                        .Numbered(),
                    id = table.Column<string>(collation: this.Ordinal(), nullable: true),
                    obligation_id = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    point_id = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    collected_at = table.Column<long>(nullable: false),
                    confirmed_by = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    truck_id = table.Column<string>(collation: this.Ordinal(), nullable: true),
                    note = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    lat = table.Column<double>(nullable: true),
                    lon = table.Column<double>(nullable: true),
                    recorded_at = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_collection_confirmations", x => x.row_id);
                });

            migrationBuilder.CreateTable(
                name: "collection_decisions",
                columns: table => new
                {
                    row_id = table.Column<long>(nullable: false)
                        .Numbered(),
                    subject = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    subject_id = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    about_at = table.Column<long>(nullable: false),
                    decision = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    decided_by = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    is_supervisor = table.Column<bool>(nullable: false),
                    reason = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    recorded_at = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_collection_decisions", x => x.row_id);
                });

            migrationBuilder.CreateTable(
                name: "collection_exceptions",
                columns: table => new
                {
                    row_id = table.Column<long>(nullable: false)
                        .Numbered(),
                    id = table.Column<string>(collation: this.Ordinal(), nullable: true),
                    kind = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    reason = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    note = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    scope = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    window_keys = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    first_date = table.Column<DateOnly>(nullable: false),
                    last_date = table.Column<DateOnly>(nullable: false),
                    by_ms = table.Column<long>(nullable: false),
                    declared_by = table.Column<string>(collation: this.Ordinal(), nullable: false),
                    recorded_at = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_collection_exceptions", x => x.row_id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_collection_confirmations_collected_at",
                table: "collection_confirmations",
                column: "collected_at");

            migrationBuilder.CreateIndex(
                name: "IX_collection_confirmations_id",
                table: "collection_confirmations",
                column: "id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_collection_confirmations_obligation_id",
                table: "collection_confirmations",
                column: "obligation_id");

            migrationBuilder.CreateIndex(
                name: "IX_collection_decisions_subject_about_at",
                table: "collection_decisions",
                columns: new[] { "subject", "about_at" });

            migrationBuilder.CreateIndex(
                name: "IX_collection_decisions_subject_subject_id",
                table: "collection_decisions",
                columns: new[] { "subject", "subject_id" });

            migrationBuilder.CreateIndex(
                name: "IX_collection_exceptions_id",
                table: "collection_exceptions",
                column: "id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_collection_exceptions_last_date",
                table: "collection_exceptions",
                column: "last_date");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "collection_confirmations");

            migrationBuilder.DropTable(
                name: "collection_decisions");

            migrationBuilder.DropTable(
                name: "collection_exceptions");
        }
    }
}
