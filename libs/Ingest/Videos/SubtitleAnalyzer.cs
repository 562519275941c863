using System.Globalization;
using System.Text;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Media;
using Serverless.Media.Text;
using Serverless.Media.Video;
using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Videos;

/// <summary>What is said in a film.</summary>
/// <param name="Warnings">What was left out, and why.</param>
public sealed record SubtitleAnalysis(
    IReadOnlyList<SubtitleFinding> Findings,
    IReadOnlyList<SpaceVectors> Vectors,
    IReadOnlyList<ModelUse> Models,
    IReadOnlyList<ModelSpent> Spent,
    IReadOnlyList<string> Warnings
);

/// <summary>
/// Tracks of subtitles inside a film and files beside it → their words with times, searchable. Whatever is wrong with one of them is a
/// warning and never refuses the film. Thread-safe.
/// </summary>
public sealed class SubtitleAnalyzer(
    SubtitleReader reader,
    SidecarReader sidecarReader,
    TextAnalyzer texts,
    AnalysisWriter writer,
    TextOptions textOptions
)
{
    /// <summary>Of one film, tracks first.</summary>
    internal const int MaxTracks = 8;

    /// <param name="file">The film on disk.</param>
    /// <param name="end">When it ends.</param>
    public async Task<SubtitleAnalysis> AnalyseAsync(
        AnalysisRequest request,
        string file,
        VideoInfo info,
        TimeSpan end,
        IReadOnlyList<SubtitleTrack> tracks,
        IReadOnlyList<Sidecar> sidecars,
        CancellationToken cancellationToken
    )
    {
        Sum sum = new();
        foreach (SubtitleTrack picture in tracks.Where(track => !track.IsText))
        {
            sum.Warnings.Add($"{NameOf(picture)} holds no text ({picture.Codec}) and was not read.");
        }
        SubtitleTrack[] readable = [.. tracks.Where(track => track.IsText)];
        foreach (SubtitleTrack track in readable.Take(MaxTracks))
        {
            SubtitleFinding about = Empty("track", track.Codec) with { Language = track.Language, Title = track.Title };
            await AddAsync(
                NameOf(track),
                about,
                () => reader.ReadTrackAsync(file, track, info, end, cancellationToken),
                sum,
                request,
                cancellationToken
            );
        }
        foreach (Sidecar sidecar in sidecars.Take(MaxTracks - Math.Min(MaxTracks, readable.Length)))
        {
            SubtitleFinding about = Empty("sidecar", sidecar.IsWebVtt ? "webvtt" : "subrip") with
            {
                Language = sidecar.Language,
                Sidecar = new SidecarVersion(sidecar.Key, sidecar.Version),
            };
            string name = $"The file {sidecar.Key}";
            await AddAsync(
                name,
                about,
                () => sidecarReader.ReadAsync(request.Source, sidecar, end, cancellationToken),
                sum,
                request,
                cancellationToken
            );
        }
        if (readable.Length + sidecars.Count > MaxTracks)
        {
            sum.Warnings.Add($"Found {readable.Length + sidecars.Count} tracks and files of subtitles; {MaxTracks} were read.");
        }
        return new SubtitleAnalysis(sum.Findings, sum.Vectors, [.. sum.Models.Distinct()], sum.Spent, sum.Warnings);
    }

    private async Task AddAsync(
        string name,
        SubtitleFinding about,
        Func<Task<SubtitleText>> read,
        Sum sum,
        AnalysisRequest request,
        CancellationToken cancellationToken
    )
    {
        try
        {
            SubtitleText said = await read();
            sum.Warnings.AddRange(said.Warnings.Select(warning => $"{name}: {warning}"));
            sum.Findings.Add(said.Cues.Count == 0 ? about : await AnalyseAsync(about, said.Cues, sum, request, cancellationToken));
        }
        catch (MediaRejectedException e)
        {
            sum.Warnings.Add($"{name} was not read: {e.Message}");
            sum.Findings.Add(about);
        }
    }

    private async Task<SubtitleFinding> AnalyseAsync(
        SubtitleFinding about,
        IReadOnlyList<WebVttCue> cues,
        Sum sum,
        AnalysisRequest request,
        CancellationToken cancellationToken
    )
    {
        SpokenText spoken = new(cues, textOptions, cancellationToken);
        TextAnalysis found = await texts.AnalyseAsync(request.Source, spoken.Document, spoken.MayJoin, kept: null, cancellationToken);
        sum.Vectors.AddRange(found.Vectors.Select(vectors => new SpaceVectors(vectors.Space, [.. EntriesOf(vectors, spoken)])));
        sum.Models.AddRange(found.Models);
        sum.Spent.AddRange(found.Spent);
        string language = about.Language is { } tag ? $"-{tag}" : "";
        string name = string.Create(CultureInfo.InvariantCulture, $"subtitles-{sum.Findings.Count}{language}");
        ArtifactFile written = await writer.WriteFileAsync(
            request,
            $"{name}.vtt",
            Encoding.UTF8.GetBytes(WebVtt.Write(cues)),
            "text/vtt",
            cancellationToken
        );
        ArtifactFile passages = await writer.WriteFileAsync(
            request,
            $"{name}.{PassageTexts.FileName}",
            PassageTexts.Pack([.. found.Passages.Select(passage => PlaceIn(spoken, passage))]),
            PassageTexts.MediaType,
            cancellationToken
        );
        return about with
        {
            Cues = cues.Count,
            Passages = [.. found.Findings.Passages.Select(passage => PassageOf(passage, spoken))],
            Entities = [.. found.Findings.Entities.Select(entity => EntityOf(entity, spoken))],
            Topics = found.Findings.Topics,
            File = written,
            PassageTexts = passages,
        };
    }

    private static PassageText PlaceIn(SpokenText spoken, PassageText passage) =>
        Place.ReadText(passage.Place) is { } characters ? passage with { Place = spoken.Place(characters.Start, characters.End) } : passage;

    private static IEnumerable<VectorEntry> EntriesOf(SpaceVectors vectors, SpokenText spoken) =>
        from entry in vectors.Entries
        let place = Place.ReadText(entry.Place)
        where place is not null
        select entry with
        {
            Kind = EntryKind.Of(MediaKind.Video),
            Place = spoken.Place(place.Value.Start, place.Value.End),
        };

    private static SpokenPassage PassageOf(PassageFinding passage, SpokenText spoken)
    {
        (double start, double end) = spoken.Seconds(passage.Start, passage.End);
        return new SpokenPassage(start, end, passage.Tokens);
    }

    private static SpokenEntity EntityOf(EntityFinding entity, SpokenText spoken)
    {
        (double start, double end) = spoken.Seconds(entity.Start, entity.End);
        return new SpokenEntity(start, end, entity.Type, entity.Text, entity.Score, entity.Model);
    }

    private static string NameOf(SubtitleTrack track) => $"Subtitle track {track.StreamIndex}";

    private static SubtitleFinding Empty(string source, string codec) =>
        new()
        {
            Source = source,
            Codec = codec,
            Cues = 0,
            Passages = [],
            Entities = [],
            Topics = [],
        };

    /// <summary>What has come of the tracks so far.</summary>
    private sealed class Sum
    {
        public List<SubtitleFinding> Findings { get; } = [];
        public List<SpaceVectors> Vectors { get; } = [];
        public List<ModelUse> Models { get; } = [];
        public List<ModelSpent> Spent { get; } = [];
        public List<string> Warnings { get; } = [];
    }
}
