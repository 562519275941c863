using DurableTask.Core;
using Serverless.Local.Durable;
using Serverless.Local.Durable.Storage;
using Xunit;

namespace Serverless.Unit.Local.Durable;

public sealed class SchemaTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("durable-").FullName;

    [Fact]
    public void OlderSchema_IsUpgraded()
    {
        using SqlSession session = new(Path.Combine(_folder, "old.db"));
        session.ExecuteScript(Schema.Migrations[0]);
        session.ExecuteScript("PRAGMA user_version = 1; PRAGMA application_id = 1146377041; INSERT INTO hubs (name) VALUES ('kept')");

        Schema.Ensure(session, "old.db");

        Assert.Equal(Schema.Migrations.Count, session.Scalar("PRAGMA user_version"));
        Assert.Equal(1, session.Scalar("SELECT count(*) FROM hubs WHERE name = 'kept'"));
        Assert.Equal(1, session.Scalar("SELECT count(*) FROM sqlite_master WHERE name = 'instances_by_creation'"));
        Assert.Equal(1, session.Scalar("SELECT count(*) FROM sqlite_master WHERE name = 'instances_unfinished'"));
    }

    /// <summary>Whoever looks for runs that go on meets none of those that have ended, however many they are.</summary>
    [Theory]
    [InlineData(InstanceOrder.InstanceId, null, false)]
    [InlineData(InstanceOrder.InstanceId, "a", true)]
    [InlineData(InstanceOrder.NewestFirst, null, true)]
    [InlineData(InstanceOrder.NewestFirst, "a", false)]
    public void UnfinishedInstances_AreListedByTheirIndex(InstanceOrder order, string? prefix, bool isBounded)
    {
        using SqlSession session = new(Path.Combine(_folder, "list.db"));
        Schema.Ensure(session, "list.db");
        InstanceFilter filter = new()
        {
            Statuses = [OrchestrationStatus.Running, OrchestrationStatus.Pending],
            IdPrefix = prefix,
            CreatedTo = isBounded ? DateTime.UnixEpoch : null,
            ExcludesEntities = true,
        };

        string plan = string.Join(
            '\n',
            session.Query($"EXPLAIN QUERY PLAN {InstanceQuery.StatementOf(filter, order)}", row => row.Text(3))
        );

        Assert.Contains("USING INDEX instances_unfinished (hub=?", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void InstancesThatHaveEnded_AreListedByAnotherIndex()
    {
        using SqlSession session = new(Path.Combine(_folder, "list.db"));
        Schema.Ensure(session, "list.db");
        InstanceFilter filter = new() { Statuses = [OrchestrationStatus.Running, OrchestrationStatus.Failed] };

        string statement = InstanceQuery.StatementOf(filter, InstanceOrder.NewestFirst);

        Assert.Contains(
            "USING INDEX instances_by_creation",
            string.Join('\n', session.Query($"EXPLAIN QUERY PLAN {statement}", row => row.Text(3))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void NewerSchema_IsRefused_ByNumber()
    {
        using SqlSession session = new(Path.Combine(_folder, "new.db"));
        Schema.Ensure(session, "new.db");
        session.ExecuteScript("PRAGMA user_version = 99");

        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => Schema.Ensure(session, "new.db"));

        Assert.Contains("'new.db' has schema version 99", refused.Message);
    }

    [Fact]
    public void FileOfAnotherProgram_IsRefused_AndLeftAsItIs()
    {
        using SqlSession session = new(Path.Combine(_folder, "other.db"));
        session.ExecuteScript("CREATE TABLE theirs (id INTEGER)");

        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => Schema.Ensure(session, "other.db"));

        Assert.Contains("not a durable database", refused.Message);
        Assert.Equal(1, session.Scalar("SELECT count(*) FROM sqlite_master"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
