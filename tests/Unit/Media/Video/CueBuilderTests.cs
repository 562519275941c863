using Serverless.Media.Video;
using Xunit;

namespace Serverless.Unit.Media.Video;

public sealed class CueBuilderTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static SubtitleText Read(params string[] lines) => Read(TimeSpan.Zero, lines);

    private static SubtitleText Read(TimeSpan zero, params string[] lines)
    {
        CueBuilder cues = new(zero, Minute);
        Assert.All(lines, line => Assert.True(cues.Add(line)));
        return cues.Build();
    }

    [Fact]
    public void Build_TakesLinesForText_AndTheLastBeforeTimesForTheNumber()
    {
        SubtitleText said = Read(
            "1",
            "00:00:01,000 --> 00:00:02,500",
            "Forty-two?",
            "42",
            "2",
            "00:00:03,000 --> 00:00:04,000",
            "It is 42.",
            "43"
        );

        Assert.Equal(["Forty-two? 42", "It is 42. 43"], said.Cues.Select(cue => cue.Text));
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2.5)), (said.Cues[0].Start, said.Cues[0].End));
        Assert.Empty(said.Warnings);
    }

    [Fact]
    public void Build_OrdersOverlappingCues_AndCountsFromTheFirstPicture()
    {
        SubtitleText said = Read(
            TimeSpan.FromSeconds(1),
            "1",
            "00:00:05,000 --> 00:00:09,000",
            "later",
            "2",
            "00:00:00,500 --> 00:00:08,000",
            "earlier"
        );

        Assert.Equal([("earlier", 0.0), ("later", 4.0)], said.Cues.Select(cue => (cue.Text, cue.Start.TotalSeconds)));
    }

    [Fact]
    public void Build_CutsToTheFilm_AndLeavesOutWhatIsBeyondItOrReversed()
    {
        SubtitleText said = Read(
            "1",
            "00:00:50,000 --> 9999999:00:00,000",
            "to the end",
            "2",
            "00:02:00,000 --> 00:03:00,000",
            "beyond",
            "3",
            "00:00:09,000 --> 00:00:08,000",
            "reversed"
        );

        Assert.Equal(Minute, Assert.Single(said.Cues).End);
        Assert.Contains("2 cues", Assert.Single(said.Warnings));
    }

    [Fact]
    public void Build_CutsALongCue_AndSaysSo()
    {
        SubtitleText said = Read(["1", "00:00:01,000 --> 00:00:02,000", .. Enumerable.Repeat(new string('x', 5_000), 1_000)]);

        Assert.Equal(CueBuilder.MaxCueCharacters, Assert.Single(said.Cues).Text.Length);
        Assert.Contains("longer than 2,000", Assert.Single(said.Warnings));
    }

    [Fact]
    public void Add_TakesNoMoreThanItKeeps()
    {
        CueBuilder cues = new(TimeSpan.Zero, Minute);
        int taken = 0;
        while (cues.Add("00:00:01,000 --> 00:00:02,000"))
        {
            cues.Add("again");
            cues.Add($"{++taken}");
        }

        SubtitleText said = cues.Build();

        Assert.True(cues.IsFull);
        Assert.Equal(CueBuilder.MaxCues, said.Cues.Count);
        Assert.Contains("more than 20,000 cues", Assert.Single(said.Warnings));
    }

    [Fact]
    public void Build_RemovesControls()
    {
        Assert.Equal("a b", Assert.Single(Read("1", "00:00:01,000 --> 00:00:02,000", "\0a\u001b\u202eb\ufeff").Cues).Text);
    }
}
