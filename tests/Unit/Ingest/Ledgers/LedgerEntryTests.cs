using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Media;
using Xunit;

namespace Serverless.Unit.Ingest.Ledgers;

public sealed class LedgerEntryTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = Now.AddMinutes(1);
    private static readonly Failure Bad = new(FailureKind.Malformed, "Found nothing; allowed is something.", Retryable: false);
    private static readonly LedgerEntry Fresh = LedgerEntry.New(new AssetSource("azure", "media", "a.txt", "1"), Now);
    private static readonly LedgerEntry Begun = Begin(Fresh, 1);
    private static readonly LedgerEntry Done = Begun.Complete(1, Now);
    private static readonly LedgerEntry Failed = Begun.Quarantine(Bad, 1, Now);

    [Fact]
    public void Begin_ForTheFirstTime_CountsAnAttempt()
    {
        Assert.Equal((AssetState.Processing, 1, 1), (Begun.State, Begun.Run, Begun.Attempts));
        Assert.Equal((MediaKind.Text, "text/plain", 5L), (Begun.Kind, Begun.MediaType, Begun.Length));
    }

    [Fact]
    public void Begin_OfTheSameRunAgain_ChangesNothing()
    {
        Assert.Equal(Begun, Begin(Begun, 1));
        Assert.Equal(Failed, Begin(Failed, 1));
        Assert.Equal(Done, Begin(Done, 1));
    }

    [Fact]
    public void Begin_OfALaterRun_TakesWhatFailedOutOfQuarantine()
    {
        LedgerEntry redriven = Begin(Failed, 2);

        Assert.Equal((AssetState.Processing, 2, 2), (redriven.State, redriven.Run, redriven.Attempts));
        Assert.Null(redriven.Failure);
        Assert.Null(redriven.Finished);
    }

    [Fact]
    public void Begin_OfALaterRun_LeavesWhatIsDone() => Assert.Equal(Done, Begin(Done, 2));

    [Fact]
    public void Begin_AfterTheObjectCameBack_StartsAnew() => Assert.Equal(AssetState.Processing, Begin(Done.Vanish(Now), 1).State);

    [Fact]
    public void BeginAttempt_CountsEachBeginning_AndAnewInALaterRun()
    {
        LedgerEntry twice = Fresh.BeginAttempt(Request(1), Now).BeginAttempt(Request(1), Later);
        LedgerEntry redriven = twice.Quarantine(Bad, 2, Later).BeginAttempt(Request(2), Later);

        Assert.Equal((AssetState.Processing, 2, 2), (twice.State, twice.Attempts, twice.RunAttempts));
        Assert.Equal((AssetState.Processing, 3, 1), (redriven.State, redriven.Attempts, redriven.RunAttempts));
        Assert.Equal(Request(1).Registered, twice.Registered);
    }

    [Fact]
    public void EndedWithItsProcess_ARevision_ByItsOwnCount_AnewForAnotherTarget()
    {
        AnalysisRequest revision = Request(1) with { Revision = 2 };
        LedgerEntry wanted = Done.WantRevision("model/2", Now);
        LedgerEntry twice = wanted.BeginAttempt(revision, Now).BeginAttempt(revision, Later);

        Assert.Equal((2, Done.Attempts), (twice.RevisionAttempts, twice.Attempts));
        Assert.True(twice.EndedWithItsProcess(revision));
        Assert.False(twice.FailAttempt(revision, Later).EndedWithItsProcess(revision));
        Assert.Equal(twice, twice.WantRevision("model/2", Later));
        Assert.False(twice.WantRevision("model/3", Later).EndedWithItsProcess(revision));
        Assert.Equal(Begun, Begun.WantRevision("model/2", Now).BeginAttempt(revision, Now));
    }

    [Fact]
    public void EndedWithItsProcess_WhatWasBegunTwice_AndNobodyToldOfItsEnd()
    {
        LedgerEntry once = Fresh.BeginAttempt(Request(1), Now);
        LedgerEntry twice = once.BeginAttempt(Request(1), Later);
        LedgerEntry told = twice.FailAttempt(Request(1), Later);

        Assert.Equal(
            (false, true, false, false),
            (
                once.EndedWithItsProcess(Request(1)),
                twice.EndedWithItsProcess(Request(1)),
                told.EndedWithItsProcess(Request(1)),
                twice.EndedWithItsProcess(Request(2))
            )
        );
        Assert.Equal(0, told.Quarantine(Bad, 2, Later).BeginAttempt(Request(2), Later).RunFaults);
        Assert.Equal(2, told.FailAttempt(Request(1), Later).FailAttempt(Request(1), Later).RunFaults);
    }

    [Fact]
    public void BeginAttempt_OfWhatIsSettled_ChangesNothing()
    {
        Assert.Equal(Done, Done.BeginAttempt(Request(2), Later));
        Assert.Equal(Failed, Failed.BeginAttempt(Request(1), Later));
    }

    [Fact]
    public void Complete_AfterALateFailure_Wins()
    {
        Assert.Equal(AssetState.Processed, Failed.Complete(2, Later).State);
        Assert.Equal(Done, Done.Quarantine(Bad, 2, Later));
        Assert.Equal(Done, Done.Complete(2, Later));
    }

    [Fact]
    public void Supersede_EndsOnlyWhatHasNoResult()
    {
        Assert.Equal(AssetState.Superseded, Begun.Supersede(Later).State);
        Assert.Equal(Done, Done.Supersede(Later));
        Assert.Equal(Failed, Failed.Supersede(Later));
    }

    [Fact]
    public void Vanish_TakesWhateverStateOnce()
    {
        LedgerEntry gone = Done.Vanish(Later);

        Assert.Equal((AssetState.Gone, Later), (gone.State, gone.Changed));
        Assert.Equal(gone, gone.Vanish(Later.AddDays(1)));
    }

    private static AnalysisRequest Request(int run) =>
        new(new AssetSource("azure", "media", "a.txt", "1"), MediaKind.Text, "text/plain", 5, Attempt: 1, Now.AddSeconds(-1), run);

    private static LedgerEntry Begin(LedgerEntry entry, int run) => entry.Begin(run, MediaKind.Text, "text/plain", 5, Now);
}
