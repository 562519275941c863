using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Media;
using Serverless.Media.Metadata;
using Serverless.Words;

namespace Serverless.Ingest.Index;

/// <summary>The places of an asset that words find, from what its analysis found there. Pure.</summary>
internal static class WordPlaces
{
    /// <summary>Labels are words of English, as those of public label sets are (ImageNet, COCO, AG News).</summary>
    private const string LanguageOfLabels = "en";

    /// <summary>A name that is longer is none.</summary>
    private const int MaxNameCharacters = 200;

    public static WordPlace OfImage(AnalysisDocument document, ImageFindings image)
    {
        WordPlace labels = OfPicture(document.Kind, Place.Whole, image.Labels, image.Objects, image.Thumbnail);
        string told = Joined(ToldOf(document));
        return labels.Text.Length == 0 ? labels with { Text = told, Source = WordSource.Metadata }
            : told.Length == 0 ? labels
            : labels with { Told = told };
    }

    /// <summary>A film is found by what its shots show; what is said there has places of its own.</summary>
    public static IEnumerable<WordPlace> OfShots(VideoFindings video) =>
        video.Shots.Select(shot =>
            OfPicture(
                MediaKind.Video,
                Place.OfTime(shot.StartSeconds, shot.EndSeconds),
                shot.Labels,
                shot.Objects ?? [],
                shot.Keyframe.Image
            )
        );

    public static IEnumerable<WordPlace> OfText(TextFindings text, IReadOnlyList<PassageText> passages)
    {
        string[] topics = [.. text.Topics.Select(topic => topic.Label).Distinct()];
        ILookup<string, string> entities = EntitiesOf(text);
        return passages.Select(passage => new WordPlace(
            EntryKind.Of(MediaKind.Text),
            passage.Place,
            passage.Text,
            text.Language,
            topics,
            [.. entities[passage.Place].Distinct()],
            WordSource.Text
        ));
    }

    /// <summary>What is said while the passage is shown, and the shot that it begins in.</summary>
    public static IEnumerable<WordPlace> OfSubtitles(
        SubtitleFinding subtitles,
        IReadOnlyList<PassageText> passages,
        IReadOnlyList<ShotFinding> shots
    )
    {
        string[] topics = [.. subtitles.Topics.Select(topic => topic.Label).Distinct()];
        return passages.Select(passage => new WordPlace(
            EntryKind.Of(MediaKind.Video),
            passage.Place,
            passage.Text,
            PrimaryOf(subtitles.Language),
            topics,
            Place.ReadTime(passage.Place) is { } shown
                ?
                [
                    .. subtitles
                        .Entities.Where(entity => entity.StartSeconds >= shown.Start && entity.EndSeconds <= shown.End)
                        .Where(entity => entity.Text.Length <= MaxNameCharacters)
                        .Select(entity => $"{entity.Type}:{entity.Text}")
                        .Distinct(),
                ]
                : [],
            WordSource.Caption,
            KeyframeAt(Place.ReadTime(passage.Place)?.Start ?? 0, shots)
        ));
    }

    /// <summary>The name of a text or film, and what it or its uploader says of it; a film is shown by its first keyframe.</summary>
    public static WordPlace OfWhole(AnalysisDocument document) =>
        new(
            EntryKind.Of(document.Kind),
            Place.Whole,
            Joined(ToldOf(document)),
            PrimaryOf(document.Metadata?.Language),
            [],
            [],
            WordSource.Metadata,
            document.Video is { } video ? KeyframeAt(0, video.Shots) : null
        );

    /// <summary>Of the last shot that has begun, else of the first; null where there is none.</summary>
    private static string? KeyframeAt(double seconds, IReadOnlyList<ShotFinding> shots) =>
        (shots.LastOrDefault(shot => shot.StartSeconds <= seconds) ?? (shots is [var first, ..] ? first : null))?.Keyframe.Image.Path;

    /// <summary>"de" of "de-AT"; that of a film is that of its first subtitles that tell one.</summary>
    public static string? LanguageOf(AnalysisDocument document) =>
        document.Text?.Language
        ?? document.Video?.Subtitles.Select(subtitles => PrimaryOf(subtitles.Language)).FirstOrDefault(language => language is not null);

    private static string? PrimaryOf(string? tag) => tag?.Split('-')[0];

    private static string Joined(IEnumerable<string?> parts) => string.Join(". ", parts.Where(part => !string.IsNullOrWhiteSpace(part)));

    private static IEnumerable<string?> ToldOf(AnalysisDocument document)
    {
        MediaMetadata told = document.Metadata ?? new();
        ToldPlace place = told.Place ?? new();
        return
        [
            string.Join(' ', Path.GetFileNameWithoutExtension(document.Source.Key).Split('_', '.')), // which join words for a tokenizer
            told.Title,
            told.Description,
            .. told.Keywords,
            .. told.Creators,
            told.Credit,
            told.Copyright,
            place.Name,
            place.City,
            place.Region,
            place.Country,
            .. document.Given?.Values ?? [],
        ];
    }

    private static WordPlace OfPicture(
        MediaKind kind,
        string place,
        IReadOnlyList<LabelFinding> labels,
        IReadOnlyList<ObjectFinding> objects,
        ArtifactFile picture
    )
    {
        string[] named = [.. Caption.Likely(labels).Select(label => label.Label).Concat(objects.Select(found => found.Label)).Distinct()];
        return new WordPlace(
            EntryKind.Of(kind),
            place,
            string.Join(", ", named),
            LanguageOfLabels,
            named,
            [],
            WordSource.Label,
            picture.Path
        );
    }

    /// <summary>By the place of the passage that they begin in.</summary>
    private static ILookup<string, string> EntitiesOf(TextFindings text)
    {
        int[] starts = [.. text.Passages.Select(passage => passage.Start)];
        return text
            .Entities.Where(entity => entity.Text.Length <= MaxNameCharacters)
            .Select(entity =>
                (Entity: entity, Passage: Array.BinarySearch(starts, entity.Start) is var found && found >= 0 ? found : ~found - 1)
            )
            .Where(found => found.Passage >= 0)
            .ToLookup(
                found => Place.OfText(text.Passages[found.Passage].Start, text.Passages[found.Passage].End),
                found => $"{found.Entity.Type}:{found.Entity.Text}"
            );
    }
}
