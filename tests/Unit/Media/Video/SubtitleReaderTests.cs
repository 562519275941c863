using System.Text;
using Serverless.Media;
using Serverless.Media.Video;
using Xunit;

namespace Serverless.Unit.Media.Video;

public sealed class SubtitleReaderTests(TestVideos films) : IClassFixture<TestVideos>
{
    private const string Words =
        "1\n00:00:00,500 --> 00:00:02,000\n<i>The harbour</i> of Port Alder & more\n\n"
        + "2\n00:00:02,000 --> 00:00:03,000\n{\\an8}is closed.\n\n3\n00:00:05,000 --> 02:00:00,000\nUntil Friday.\n";

    private static readonly VideoOptions Options = new();
    private static readonly SubtitleReader Reader = new(Options);
    private static readonly TimeSpan Six = TimeSpan.FromSeconds(6);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Film(string container, string codec)
    {
        string words = films.Write($"words-{codec}.srt", Encoding.UTF8.GetBytes(Words.Replace("02:00:00", "00:00:06")));
        return films.Make(
            $"{codec}.{container}",
            [
                "-i",
                films.Cuts,
                "-i",
                words,
                "-map",
                "0",
                "-map",
                "1",
                "-c:v",
                "copy",
                "-c:a",
                "copy",
                "-c:s",
                codec,
                "-metadata:s:s:0",
                "language=ger",
                "-metadata",
                "title=Harbour",
            ]
        );
    }

    [Theory]
    [InlineData("mkv", "subrip", "subrip")]
    [InlineData("mkv", "ass", "ass")]
    [InlineData("mkv", "webvtt", "webvtt")]
    [InlineData("mp4", "mov_text", "mov_text")]
    public async Task ReadTrackAsync_GivesPlainWordsWithTimes(string container, string codec, string told)
    {
        string film = Film(container, codec);
        FilmExtras extras = await Reader.ProbeAsync(film, Token);
        VideoInfo info = await new VideoReader(Options).ProbeAsync(film, Token);

        SubtitleTrack track = Assert.Single(extras.Tracks);
        SubtitleText said = await Reader.ReadTrackAsync(film, track, info, Six, Token);

        Assert.Equal((told, "de", "Harbour"), (track.Codec, track.Language, extras.Tags["title"]));
        Assert.Equal(["The harbour of Port Alder & more", "is closed.", "Until Friday."], said.Cues.Select(cue => cue.Text));
        Assert.Equal(0.5, said.Cues[0].Start.TotalSeconds, 0.05);
        Assert.Equal(6, said.Cues[2].End.TotalSeconds, 0.05);
    }

    [Fact]
    public async Task ReadFileAsync_CutsTimesToTheFilm()
    {
        string path = films.Write("late.srt", Encoding.UTF8.GetBytes(Words));

        SubtitleText said = await Reader.ReadFileAsync(path, isWebVtt: false, Six, Token);

        Assert.Equal(["The harbour of Port Alder & more", "is closed.", "Until Friday."], said.Cues.Select(cue => cue.Text));
        Assert.Equal(Six, said.Cues[2].End);
    }

    [Fact]
    public async Task ReadFileAsync_ReadsWebVtt()
    {
        string path = films.Write("a.vtt", "WEBVTT\n\nNOTE none\n\n00:01.000 --> 00:02.000 align:left\n<v Bob>Yes &amp; no\n"u8);

        SubtitleText said = await Reader.ReadFileAsync(path, isWebVtt: true, Six, Token);

        Assert.Equal("Yes & no", Assert.Single(said.Cues).Text);
    }

    [Fact]
    public async Task ReadFileAsync_StopsAtTheMostCuesThatAreKept()
    {
        StringBuilder many = new();
        for (int i = 1; i <= 60_000; i++)
        {
            many.Append($"{i}\n00:00:01,000 --> 00:00:02,000\nagain {i}\n\n");
        }
        string path = films.Write("many.srt", Encoding.UTF8.GetBytes(many.ToString()));

        SubtitleText said = await Reader.ReadFileAsync(path, isWebVtt: false, Six, Token);

        Assert.Equal(20_000, said.Cues.Count);
        Assert.Single(said.Warnings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no subtitles at all, but words\n")]
    [InlineData("1\n00:00:09,000 --> 00:00:01,000\nreversed\n\n")]
    [InlineData("1\n99:99:99,999 --> 99:99:99,999\nnever\n\n")]
    public async Task ReadFileAsync_OfALyingFile_GivesNoCueOrSaysWhy(string content)
    {
        string path = films.Write("lying.srt", Encoding.UTF8.GetBytes(content));

        SubtitleText? said = null;
        MediaRejectedException? fault = null;
        try
        {
            said = await Reader.ReadFileAsync(path, isWebVtt: false, Six, Token);
        }
        catch (MediaRejectedException e)
        {
            fault = e;
        }

        Assert.True(fault is not null || said!.Cues.All(cue => cue.End <= Six && cue.Start < cue.End));
    }

    [Theory]
    [InlineData("hdmv_pgs_subtitle")]
    [InlineData("dvd_subtitle")]
    [InlineData("dvb_teletext")]
    public void SubtitleTrack_OfPicturesOrCommands_IsNoText(string codec) => Assert.False(new SubtitleTrack(1, codec, null, null).IsText);

    [Theory]
    [InlineData("eng", "en")]
    [InlineData("ger", "de")]
    [InlineData("deu", "de")]
    [InlineData("pt-BR", "pt-BR")]
    [InlineData("gsw", "gsw")]
    [InlineData("und", null)]
    [InlineData("a language", null)]
    [InlineData(null, null)]
    public void LanguageTag_IsTheShortest(string? told, string? tag) => Assert.Equal(tag, LanguageTag.Of(told));
}
