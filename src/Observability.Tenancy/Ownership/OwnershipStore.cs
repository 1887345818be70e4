using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Observability.Model;

namespace Observability.Tenancy;

/// <summary>
/// Tenants and ownership epochs in SQLite: few rows, rarely written, never to be half written. Not for several threads at once.
/// </summary>
internal sealed class OwnershipStore : IDisposable
{
    private const int SchemaVersion = 1;
    private const string EpochColumns = "namespace_uid, namespace_name, tenant_uid, from_ms, from_rv, to_ms";
    private readonly SqliteConnection _connection;
    private readonly string _cluster;

    /// <param name="file">The database; empty: in memory, gone with this object.</param>
    /// <param name="cluster">The cluster whose namespaces are meant.</param>
    public OwnershipStore(string file, string cluster)
    {
        _cluster = cluster;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file.Length == 0 ? ":memory:" : file,
            // A pooled connection would keep the file open after Dispose.
            Pooling = false,
        }.ToString());
        try
        {
            _connection.Open();
            // FULL: an epoch that was acted on must survive a power cut, else its samples would change hands.
            Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;");
            Create();
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public IReadOnlyList<Tenant> LoadTenants()
    {
        using SqliteCommand command = Command("SELECT uid, name FROM tenants");
        using SqliteDataReader reader = command.ExecuteReader();
        var tenants = new List<Tenant>();
        while (reader.Read())
            tenants.Add(new Tenant(TenantUid.Parse(reader.GetString(0)), TenantName.Parse(reader.GetString(1))));
        return tenants;
    }

    /// <returns>The namespace's epochs, oldest first.</returns>
    public ImmutableArray<OwnershipEpoch> LoadEpochs(string namespaceUid)
    {
        using SqliteCommand command = Command(
            $"SELECT {EpochColumns} FROM epochs WHERE cluster = $cluster AND namespace_uid = $uid ORDER BY from_ms", ("$uid", namespaceUid));
        using SqliteDataReader reader = command.ExecuteReader();
        var epochs = ImmutableArray.CreateBuilder<OwnershipEpoch>();
        while (reader.Read())
            epochs.Add(Read(reader));
        return epochs.ToImmutable();
    }

    /// <returns>The last epoch of each namespace that has not ended.</returns>
    public IReadOnlyList<OwnershipEpoch> LoadOpenEpochs()
    {
        using SqliteCommand command = Command($"SELECT {EpochColumns} FROM epochs WHERE cluster = $cluster AND to_ms IS NULL");
        using SqliteDataReader reader = command.ExecuteReader();
        var epochs = new List<OwnershipEpoch>();
        while (reader.Read())
            epochs.Add(Read(reader));
        return epochs;
    }

    /// <summary>Whether another namespace is known to have had this name.</summary>
    public bool IsNameReused(string name, string uid)
    {
        using SqliteCommand command = Command(
            "SELECT EXISTS (SELECT 1 FROM epochs WHERE cluster = $cluster AND namespace_name = $name AND namespace_uid <> $uid)",
            ("$name", name), ("$uid", uid));
        return (long?)command.ExecuteScalar() == 1;
    }

    /// <summary>All of it or nothing, on disk when this returns.</summary>
    public void Apply(OwnershipChange change, long nowMs)
    {
        if (change.IsEmpty)
            return;
        using SqliteTransaction transaction = _connection.BeginTransaction();
        foreach (Tenant tenant in change.NewTenants)
        {
            Execute("INSERT INTO tenants (uid, name, created) VALUES ($uid, $name, $created)",
                ("$uid", tenant.Uid.ToString()), ("$name", tenant.Name.ToString()), ("$created", nowMs));
        }

        foreach (OwnershipEpoch epoch in change.Closed)
        {
            Execute("UPDATE epochs SET to_ms = $to WHERE cluster = $cluster AND namespace_uid = $uid AND from_ms = $from",
                ("$to", epoch.ToMs!.Value), ("$uid", epoch.NamespaceUid), ("$from", epoch.FromMs)); // closed: it has an end
        }

        foreach (OwnershipEpoch epoch in change.Opened)
        {
            Execute("INSERT INTO epochs (cluster, namespace_uid, namespace_name, tenant_uid, from_ms, from_rv, to_ms) " +
                "VALUES ($cluster, $uid, $name, $tenant, $from, $rv, NULL)",
                ("$uid", epoch.NamespaceUid), ("$name", epoch.NamespaceName), ("$tenant", epoch.Tenant.ToString()),
                ("$from", epoch.FromMs), ("$rv", unchecked((long)epoch.FromResourceVersion)));
        }

        transaction.Commit();
    }

    public void Dispose() => _connection.Dispose();

    private static OwnershipEpoch Read(SqliteDataReader reader) => new(
        reader.GetString(0),
        reader.GetString(1),
        TenantUid.Parse(reader.GetString(2)),
        reader.GetInt64(3),
        unchecked((ulong)reader.GetInt64(4)),
        reader.IsDBNull(5) ? null : reader.GetInt64(5));

    private void Create()
    {
        using SqliteCommand version = Command("PRAGMA user_version");
        long found = Convert.ToInt64(version.ExecuteScalar(), CultureInfo.InvariantCulture);
        if (found > SchemaVersion)
            throw new InvalidOperationException($"The ownership file has schema {found}; this version knows up to {SchemaVersion}.");
        Execute($"""
            BEGIN;
            CREATE TABLE IF NOT EXISTS tenants (
                uid TEXT NOT NULL PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                created INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS epochs (
                cluster TEXT NOT NULL,
                namespace_uid TEXT NOT NULL,
                namespace_name TEXT NOT NULL,
                tenant_uid TEXT NOT NULL,
                from_ms INTEGER NOT NULL,
                from_rv INTEGER NOT NULL,
                to_ms INTEGER,
                PRIMARY KEY (cluster, namespace_uid, from_ms)) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS epochs_by_name ON epochs (cluster, namespace_name);
            CREATE UNIQUE INDEX IF NOT EXISTS epochs_open ON epochs (cluster, namespace_uid) WHERE to_ms IS NULL;
            PRAGMA user_version = {SchemaVersion};
            COMMIT;
            """);
    }

    private void Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using SqliteCommand command = Command(sql, parameters);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        if (sql.Contains("$cluster", StringComparison.Ordinal))
            command.Parameters.AddWithValue("$cluster", _cluster);
        foreach ((string name, object value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}
