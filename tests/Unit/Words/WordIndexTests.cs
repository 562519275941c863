using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Serverless.Words;
using Xunit;

namespace Serverless.Unit.Words;

public sealed class WordIndexTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("words").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Apply_OfAnOlderVersionLate_ChangesNothing()
    {
        using WordIndex index = TestWords.Open();

        bool later = index.Apply(TestWords.Text("a", "storm", version: 2));
        bool earlier = index.Apply(TestWords.Text("a", "sunshine", version: 1));
        bool again = index.Apply(TestWords.Text("a", "storm", version: 2));
        index.Refresh();

        Assert.Equal((true, false, false), (later, earlier, again));
        Assert.Equal(["a"], index.Find("storm"));
        Assert.Empty(index.Find("sunshine"));
        Assert.True(index.Knows("a", "v2"));
        Assert.False(index.Knows("a", "v1"));
    }

    [Fact]
    public void Apply_OfALaterRevision_TakesThePlaceOfTheOneBefore()
    {
        using WordIndex index = TestWords.Open();
        AssetWords first = TestWords.Text("a", "storm");
        index.Apply(first);

        index.Apply(TestWords.Text("a", "sunshine") with { Revision = 2, Modified = first.Modified.AddTicks(1) });
        index.Refresh();

        Assert.Empty(index.Find("storm"));
        Assert.Equal(["a"], index.Find("sunshine"));
        Assert.True(index.Knows("a", "v1", revision: 2));
        Assert.False(index.Knows("a", "v1", revision: 3));
    }

    [Fact]
    public void Tombstone_RemovesWhatIsEarlier_AndYieldsToWhatIsLater()
    {
        using WordIndex index = TestWords.Open();
        index.Apply(TestWords.Text("a", "storm"));

        index.Apply(AssetWords.Tombstone("a", "v1", TestWords.Start.AddMinutes(2)));
        bool late = index.Apply(TestWords.Text("a", "storm"));
        index.Refresh();
        string[] gone = index.Find("storm");
        index.Apply(TestWords.Text("a", "storm", version: 3));
        index.Refresh();

        Assert.False(late);
        Assert.Empty(gone);
        Assert.Equal(["a"], index.Find("storm"));
    }

    [Fact]
    public void Reopened_KnowsWhatWasCommitted_AndWhatIsGone()
    {
        FakeTimeProvider time = new(TestWords.Start.AddMinutes(5));
        using (WordIndex before = TestWords.Open(_folder, time))
        {
            before.Apply(TestWords.Text("a", "storm"));
            before.Apply(TestWords.Text("b", "storm"));
            before.Apply(AssetWords.Tombstone("b", "v1", TestWords.Start.AddMinutes(4)));
        }

        using WordIndex index = TestWords.Open(_folder, time);

        Assert.Equal(["a"], index.Find("storm"));
        Assert.Equal(1, index.Assets);
        Assert.True(index.Knows("a", "v1", revision: 1));
        Assert.False(index.Apply(TestWords.Text("b", "storm")));
    }

    [Fact]
    public void Reopened_ForgetsWhatIsLongGone()
    {
        FakeTimeProvider time = new(TestWords.Start);
        using (WordIndex before = TestWords.Open(_folder, time))
        {
            before.Apply(AssetWords.Tombstone("b", "v1", TestWords.Start));
        }
        time.Advance(TimeSpan.FromDays(31));

        using WordIndex index = TestWords.Open(_folder, time);

        Assert.False(index.Knows("b", "v1"));
    }

    [Fact]
    public void Folder_OfAnotherProcess_IsLeftToIt()
    {
        using WordIndex first = TestWords.Open(_folder);
        using WordIndex second = TestWords.Open(_folder);

        first.Apply(TestWords.Text("a", "storm"));
        first.Refresh();
        second.Refresh();

        Assert.Equal(["a"], first.Find("storm"));
        Assert.Empty(second.Find("storm"));
        Assert.Equal(["words-1", "words-2"], Directory.GetDirectories(_folder).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("flipped")]
    [InlineData("overwritten")]
    [InlineData("of another form")]
    public void DamagedFolder_IsNamed_Deleted_AndBegunAnew(string damage)
    {
        using (WordIndex before = TestWords.Open(_folder))
        {
            before.Apply(TestWords.Text("a", string.Join(' ', Enumerable.Range(0, 500))));
        }
        foreach (
            string file in Directory
                .GetFiles(Path.Combine(_folder, "words-1"))
                .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))
        )
        {
            Damage(file, damage);
        }
        RecordedLog log = new();

        using WordIndex index = TestWords.Open(_folder, log: log);

        Assert.Contains(Path.Combine(_folder, "words-1"), Assert.Single(log.Errors), StringComparison.Ordinal);
        Assert.Equal(0, index.Assets);
        Assert.True(index.Apply(TestWords.Text("a", "storm")));
        index.Refresh();
        Assert.Equal(["a"], index.Find("storm"));
    }

    [Fact]
    public void Restart_BeginsAnew_AndIsUsable()
    {
        using WordIndex index = TestWords.Open(_folder);
        index.Apply(TestWords.Text("a", "storm"));
        index.Commit();

        index.Restart("a test of it");
        bool known = index.Knows("a", "v1");
        index.Apply(TestWords.Text("b", "storm"));
        index.Refresh();

        Assert.False(known);
        Assert.Equal(["b"], index.Find("storm"));
    }

    [Fact]
    public void Purge_LeavesNothingOfWhatIsGoneInTheFiles()
    {
        using WordIndex index = TestWords.Open(_folder);
        index.Apply(TestWords.Text("a", "xyzzyplugh"));
        index.Apply(TestWords.Text("b", "other"));
        index.Commit();
        index.Refresh();

        index.Apply(AssetWords.Tombstone("a", "v1", TestWords.Start.AddYears(1)));
        index.Purge();

        Assert.DoesNotContain(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Where(IsReadable), file =>
            File.ReadAllText(file).Contains("xyzzyplugh", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Search_OfOneState_IsNotChangedByLaterWrites()
    {
        using WordIndex index = TestWords.Of(("a", "en", "storm"));
        using WordSearch search = index.Search(WordQuery.Parse("storm"), new WordFilter());

        index.Apply(AssetWords.Tombstone("a", "v1", TestWords.Start.AddYears(1)));
        index.Refresh();

        Assert.Equal("a", Assert.Single(search.Rank(10)).Asset);
        Assert.Empty(index.Find("storm"));
    }

    private static bool IsReadable(string file) => !file.EndsWith(".lock", StringComparison.Ordinal);

    private static void Damage(string file, string damage)
    {
        byte[] bytes = File.ReadAllBytes(file);
        switch (damage)
        {
            case "truncated":
                bytes = bytes[..(bytes.Length / 2)];
                break;
            case "overwritten":
                new Random(1).NextBytes(bytes);
                break;
            case "flipped":
                bytes[bytes.Length / 2] ^= 1;
                break;
            default:
                bytes = "not an index"u8.ToArray();
                break;
        }
        File.WriteAllBytes(file, bytes);
    }

    private sealed class RecordedLog : ILogger<WordIndex>
    {
        public List<string> Errors { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (logLevel == LogLevel.Error)
            {
                Errors.Add(formatter(state, exception));
            }
        }
    }
}
