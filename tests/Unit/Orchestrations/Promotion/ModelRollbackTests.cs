using Serverless.Orchestrations.Promotion;
using Serverless.Registry;
using Xunit;

namespace Serverless.Unit.Orchestrations.Promotion;

public sealed class ModelRollbackTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <param name="history">Moves to versions; with "-" before it, back to it; with "=", noted; "0" is no version.</param>
    [Theory]
    [InlineData("1", null)]
    [InlineData("1 2", 1)]
    [InlineData("1 2 =2 =2", 1)]
    [InlineData("1 2 3 -2", 1)]
    [InlineData("1 2 3 -2 -1", null)]
    [InlineData("1 2 -1", null)]
    [InlineData("1 2 -1 2", 1)]
    [InlineData("1 2 -1 3", 1)]
    [InlineData("1 2 -1 =1 3 -1", null)]
    [InlineData("1 0 2", 1)]
    [InlineData("1 -0 2", null)]
    [InlineData("1 2 1", 2)]
    [InlineData("1 2 -1 -2", 1)]
    public void PreviousOf_GoesBackThroughWhatWasNotTakenBack(string history, int? previous)
    {
        IEnumerable<HistoryRecord> records = history.Split(' ').Select((move, i) => RecordOf(i + 1, move));

        Assert.Equal(previous, ModelRollback.PreviousOf(records));
    }

    private static HistoryRecord RecordOf(int sequence, string move)
    {
        int version = int.Parse(move.TrimStart('-', '='), null);
        return new HistoryRecord
        {
            Sequence = sequence,
            Environment = "prod",
            Name = "m",
            At = Now,
            Event = move[0] switch
            {
                '-' => HistoryEvent.RolledBack,
                '=' => HistoryEvent.Noted,
                _ => HistoryEvent.Moved,
            },
            Version = version == 0 ? null : version,
            By = "ana",
            Previous = "",
        };
    }
}
