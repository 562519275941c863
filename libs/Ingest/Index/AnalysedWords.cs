using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Storage;
using Serverless.Vectors;
using Serverless.Words;

namespace Serverless.Ingest.Index;

/// <summary>
/// Reads what an analysis has to be found by in words: the document, and the passages of a text or of a film's subtitles. Thread-safe.
/// </summary>
public sealed class AnalysedWords(AssetStores stores, AnalysisWriter documents)
{
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
                Content = AssetSource.ContentIdOf(document.Sha256),
                Store = source.Store,
                Paths = [.. new[] { source.Key, stores.PathOf(source) }.Distinct()],
                Registered = modified,
                Language = WordPlaces.LanguageOf(document),
                Told = MetadataFacts.ToldOf(document),
                Given = MetadataFacts.GivenOf(document),
                Models = [.. document.Models.SelectMany(model => new[] { model.Name, $"{model.Name}/{model.Version}" }).Distinct()],
            }
            : null;

    private async Task<IReadOnlyList<WordPlace>> PlacesOfAsync(AnalysisDocument document, CancellationToken cancellationToken)
    {
        if (document.Image is { } image)
        {
            return [WordPlaces.OfImage(document, image)];
        }
        List<WordPlace> places = [];
        if (document.Text is { } text)
        {
            places.AddRange(WordPlaces.OfText(text, await PassagesOfAsync(document, text, cancellationToken)));
        }
        if (document.Video is { } video)
        {
            places.AddRange(WordPlaces.OfShots(video));
            foreach (SubtitleFinding subtitles in video.Subtitles)
            {
                // Subtitles from before they had a file of passages are found by meaning until their film is analysed anew.
                IReadOnlyList<PassageText> passages = subtitles.PassageTexts is { } file
                    ? await UnpackAsync(stores[document.Source.Store], file, cancellationToken)
                    : [];
                places.AddRange(WordPlaces.OfSubtitles(subtitles, passages, video.Shots));
            }
        }
        places.Add(WordPlaces.OfWhole(document));
        return places;
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
            return await UnpackAsync(store, file, cancellationToken);
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

    private static async Task<IReadOnlyList<PassageText>> UnpackAsync(
        IObjectStore store,
        ArtifactFile file,
        CancellationToken cancellationToken
    )
    {
        ObjectContent content = await store.ReadAsync(file.Path, PassageTexts.MaxBytes, cancellationToken)
            ?? throw new ObjectMissingException(store.Name, file.Path);
        return await PassageTexts.UnpackAsync(content.Data.ToStream(), MaxTextCharacters, cancellationToken);
    }
}
