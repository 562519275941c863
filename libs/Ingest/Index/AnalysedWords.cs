using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Storage;
using Serverless.Vectors;
using Serverless.Words;

namespace Serverless.Ingest.Index;

/// <summary>
/// Reads what an analysis has to be found by in words: the document, and of a text the file of its passages. Thread-safe.
/// </summary>
public sealed class AnalysedWords(AssetStores stores, AnalysisWriter documents)
{
    /// <summary>Labels are words of English, as those of public label sets are (ImageNet, COCO, AG News).</summary>
    private const string LanguageOfLabels = "en";

    /// <summary>A name that is longer is none.</summary>
    private const int MaxNameCharacters = 200;

    private const long MaxTextCharacters = 512L << 20; // as many as the largest text has bytes

    /// <summary>Null where there is no analysis.</summary>
    /// <param name="modified">By which the index tells the latest version; that of the vectors.</param>
    /// <exception cref="InvalidDataException">A file beside the document is damaged.</exception>
    public async Task<AssetWords?> ReadAsync(AssetSource source, DateTimeOffset modified, CancellationToken cancellationToken) =>
        await documents.ReadDocumentAsync(source, cancellationToken) is { } document
            ? new AssetWords(
                document.Asset,
                document.Version,
                document.Revision,
                modified,
                await PlacesOfAsync(document, cancellationToken)
            )
            {
                Store = source.Store,
                Paths = [.. new[] { source.Key, stores.PathOf(source) }.Distinct()],
                Registered = modified,
                Analysed = document.Analysed,
                Language = document.Text?.Language,
                Models = [.. document.Models.SelectMany(model => new[] { model.Name, $"{model.Name}/{model.Version}" }).Distinct()],
            }
            : null;

    private async Task<IReadOnlyList<WordPlace>> PlacesOfAsync(AnalysisDocument document, CancellationToken cancellationToken)
    {
        string kind = EntryKind.Of(document.Kind);
        if (document.Image is { } image)
        {
            return [PictureOf(kind, Place.Whole, image.Labels, image.Objects, image.Thumbnail)];
        }
        if (document.Video is { } video)
        {
            return
            [
                .. video.Shots.Select(shot =>
                    PictureOf(kind, Place.OfTime(shot.StartSeconds, shot.EndSeconds), shot.Labels, shot.Objects ?? [], shot.Keyframe.Image)
                ),
            ];
        }
        TextFindings text = document.Text!;
        string[] topics = [.. text.Topics.Select(topic => topic.Label).Distinct()];
        ILookup<string, string> entities = EntitiesOf(text);
        IReadOnlyList<PassageText> passages = await PassagesOfAsync(document, text, cancellationToken);
        return
        [
            .. passages.Select(passage => new WordPlace(
                kind,
                passage.Place,
                passage.Text,
                text.Language,
                topics,
                [.. entities[passage.Place].Distinct()]
            )),
        ];
    }

    private static WordPlace PictureOf(
        string kind,
        string place,
        IReadOnlyList<LabelFinding> labels,
        IReadOnlyList<ObjectFinding> objects,
        ArtifactFile picture
    )
    {
        string[] named = [.. Caption.Likely(labels).Select(label => label.Label).Concat(objects.Select(found => found.Label)).Distinct()];
        return new WordPlace(kind, place, string.Join(", ", named), LanguageOfLabels, named, [], picture.Path);
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

    /// <summary>
    /// An analysis from before there was a file of passages has of each what its vector shows, the first 240 characters.
    /// </summary>
    private async Task<IReadOnlyList<PassageText>> PassagesOfAsync(
        AnalysisDocument document,
        TextFindings text,
        CancellationToken cancellationToken
    )
    {
        IObjectStore store = stores[document.Source.Store];
        if (text.PassageTexts is { } file)
        {
            ObjectContent content = await store.ReadAsync(file.Path, PassageTexts.MaxBytes, cancellationToken)
                ?? throw new ObjectMissingException(store.Name, file.Path);
            return await PassageTexts.UnpackAsync(content.Data.ToStream(), MaxTextCharacters, cancellationToken);
        }
        if (document.Embeddings is not [var first, ..])
        {
            return [];
        }
        VectorSpace space = new(first.Space, first.Dimensions);
        AssetVectors vectors = await AnalysisWriter.ReadVectorsAsync(store, first.Path, space, cancellationToken);
        return
        [
            .. vectors.Entries.Where(entry => entry.Kind != EntryKind.Document).Select(entry => new PassageText(entry.Place, entry.Text)),
        ];
    }
}
