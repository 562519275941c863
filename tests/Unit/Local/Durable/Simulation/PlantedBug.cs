using Serverless.Local.Durable.Storage;

namespace Serverless.Unit.Local.Durable.Simulation;

/// <summary>
/// A fault that the provider could have, made in its database by triggers, so that nothing of it stands in the provider itself.
/// </summary>
/// <param name="LosesLog">Whether the disk loses what was acknowledged, as if commits were not flushed.</param>
internal sealed record PlantedBug(string Name, string Triggers, bool LosesLog = false)
{
    public static readonly PlantedBug[] All =
    [
        new("ResultLostWhileTheTurnRuns", Trigger("BEFORE INSERT ON messages", IsResult + " AND " + InHand, "SELECT RAISE(IGNORE)")),
        new(
            "MessageDoubled",
            Trigger(
                "AFTER INSERT ON messages",
                "NEW.message LIKE '[15,%' AND NEW.instance_id LIKE '@counter@sum' AND NEW.id % 3 = 0",
                "INSERT INTO messages (hub, instance_id, execution_id, due_at, is_start, message) "
                    + "VALUES (NEW.hub, NEW.instance_id, NEW.execution_id, NEW.due_at, NEW.is_start, "
                    + "replace(NEW.message, '-0000-0000-', '-0000-0001-'))"
            )
        ),
        new("MessageTakenAndKept", Trigger("BEFORE DELETE ON messages", "OLD.id % 5 = 0", "SELECT RAISE(IGNORE)")),
        new("ActivityStaysWithTheDead", Trigger("BEFORE UPDATE OF owner ON activities", IsTakenOver, "SELECT RAISE(IGNORE)")),
        new("TurnStaysWithTheDead", Trigger("BEFORE UPDATE OF owner ON instances", IsTakenOver, "SELECT RAISE(IGNORE)")),
        new("TimerForgotten", Trigger("BEFORE INSERT ON messages", "NEW.message LIKE '[11,%'", "SELECT RAISE(IGNORE)")),
        new(
            "WaitingMessageNotSeen",
            Trigger(
                "AFTER UPDATE OF ready_at ON instances",
                "OLD.owner IS NULL AND OLD.ready_at IS NOT NULL AND NEW.ready_at IS NOT NULL AND NEW.attempts = 0",
                "UPDATE instances SET ready_at = NULL WHERE hub = NEW.hub AND id = NEW.id"
            )
        ),
        new("HistoryOfATurnLost", Trigger("BEFORE INSERT ON history", "NEW.position > 6", "SELECT RAISE(IGNORE)")),
        new(
            "ChildNotTerminated",
            Trigger("BEFORE INSERT ON messages", "NEW.message LIKE '[3,%' AND NEW.instance_id LIKE '%-child'", "SELECT RAISE(IGNORE)")
        ),
        new("CommitNotFlushed", "", LosesLog: true),
    ];

    private const string IsResult = "NEW.message LIKE '[5,%'";

    private const string InHand = "EXISTS (SELECT 1 FROM instances WHERE hub = NEW.hub AND id = NEW.instance_id AND owner IS NOT NULL)";

    // What is given back or done has its attempts reduced.
    private const string IsTakenOver = "OLD.owner IS NOT NULL AND NEW.owner IS NULL AND NEW.attempts = OLD.attempts";

    public override string ToString() => Name;

    public void Plant(string database)
    {
        if (Triggers.Length > 0)
        {
            using SqlSession session = new(database);
            session.ExecuteScript(Triggers);
        }
    }

    private static string Trigger(string moment, string condition, string action) =>
        $"CREATE TRIGGER IF NOT EXISTS planted {moment} WHEN {condition} BEGIN {action}; END";
}
