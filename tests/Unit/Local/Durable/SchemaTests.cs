using DurableTask.Core;
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
        Assert.Equal(1, session.Scalar("SELECT count(*) FROM sqlite_master WHERE name = 'instances_by_status'"));
        Assert.Equal(0, session.Scalar("SELECT count(*) FROM sqlite_master WHERE name = 'instances_unfinished'"));
    }

    /// <summary>Whoever looks for runs that go on or failed meets none of those that have completed, however many they are.</summary>
    [Theory]
    [InlineData(null, false, false, "(hub=? AND status=?)")]
    [InlineData("a", false, false, "(hub=? AND status=?)")]
    [InlineData(null, true, false, "(hub=? AND status=? AND created_at<?)")]
    [InlineData("a", false, true, "(hub=? AND status=? AND (created_at,id)<(?,?))")]
    [InlineData(null, true, true, "(hub=? AND status=? AND (created_at,id)<(?,?))")]
    public void InstancesThatHaveNotCompleted_AreListedByTheirIndex(string? prefix, bool isBounded, bool goesOn, string bounds)
    {
        InstanceFilter filter = new()
        {
            Statuses = [OrchestrationStatus.Running, OrchestrationStatus.Failed],
            IdPrefix = prefix,
            CreatedTo = isBounded ? DateTime.UnixEpoch : null,
            ExcludesEntities = true,
        };

        string plan = PlanOf(InstanceQuery.StatementOf(filter, goesOn));

        Assert.Equal(2, plan.Split($"USING INDEX instances_by_status {bounds}").Length - 1);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    /// <summary>A page begins where an index leads to: nothing before it is read, and nothing is sorted.</summary>
    [Theory]
    [InlineData(false, null, false, "instances_by_creation (hub=?)")]
    [InlineData(false, null, true, "instances_by_creation (hub=? AND (created_at,id)<(?,?))")]
    [InlineData(true, null, false, "instances_by_creation (hub=? AND created_at>? AND created_at<?)")]
    [InlineData(true, null, true, "instances_by_creation (hub=? AND created_at>? AND (created_at,id)<(?,?))")]
    [InlineData(true, "a", false, "PRIMARY KEY (hub=? AND id>? AND id<?)")]
    [InlineData(false, "a", true, "PRIMARY KEY (hub=? AND id>? AND id<?)")]
    public void OtherInstances_AreListedByCreationOrPrefix(bool isBounded, string? prefix, bool goesOn, string index)
    {
        InstanceFilter filter = new()
        {
            Statuses = [OrchestrationStatus.Running, OrchestrationStatus.Completed],
            IdPrefix = prefix,
            CreatedFrom = isBounded ? DateTime.UnixEpoch : null,
            CreatedTo = isBounded ? DateTime.UnixEpoch : null,
        };

        string plan = PlanOf(InstanceQuery.StatementOf(filter, goesOn));

        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OrchestrationStatus.Completed, false, "instances_by_creation (hub=? AND created_at<?)")]
    [InlineData(OrchestrationStatus.Completed, true, "instances_by_creation (hub=? AND (created_at,id)>(?,?) AND created_at<?)")]
    [InlineData(OrchestrationStatus.Failed, false, "instances_by_status (hub=? AND status=? AND created_at<?)")]
    [InlineData(OrchestrationStatus.Failed, true, "instances_by_status (hub=? AND status=? AND (created_at,id)>(?,?) AND created_at<?)")]
    public void OldInstances_ArePurgedByTheirIndex(OrchestrationStatus status, bool goesOn, string index)
    {
        InstanceFilter filter = new() { Statuses = [status], CreatedTo = DateTime.UnixEpoch };

        string plan = PlanOf(InstanceQuery.StatementOfFinished(filter, goesOn));

        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
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

    /// <summary>As a file whose disk has become read-only: whoever starts the host reads which file that is.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public void FileThatTakesNoWrites_IsNamed(bool isNew)
    {
        using SqlSession session = new(Path.Combine(_folder, "kept.db"));
        if (!isNew)
        {
            Schema.Ensure(session, "kept.db");
        }
        session.ExecuteScript("PRAGMA query_only = 1");

        SqliteStoreException refused = Assert.Throws<SqliteStoreException>(() => Schema.Ensure(session, "kept.db"));

        Assert.StartsWith("The durable database 'kept.db' cannot be written: SQLite error 8: ", refused.Message);
        Assert.DoesNotContain("\n", refused.Message.TrimEnd(), StringComparison.Ordinal);
    }

    /// <summary>As on a read-only disk too, where a file is refused when it is first looked into.</summary>
    [Fact]
    public void FileThatCannotBeOpened_IsNamed()
    {
        string path = Path.Combine(_folder, "text.db");
        File.WriteAllText(path, new string('x', 5_000));

        SqliteStoreException text = Assert.Throws<SqliteStoreException>(() => new SqlSession(path));
        SqliteStoreException folder = Assert.Throws<SqliteStoreException>(() => new SqlSession(_folder));

        Assert.StartsWith($"The durable database '{path}' cannot be read: SQLite error 26: ", text.Message);
        Assert.StartsWith($"The durable database '{_folder}' cannot be written: SQLite error 14: ", folder.Message);
    }

    private string PlanOf(string statement)
    {
        using SqlSession session = new(Path.Combine(_folder, "plan.db"));
        Schema.Ensure(session, "plan.db");
        return string.Join('\n', session.Query($"EXPLAIN QUERY PLAN {statement}", row => row.Text(3)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
