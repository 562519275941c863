using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Search.Similarities;
using Lucene.Net.Store;
using Microsoft.Extensions.Logging;
using LuceneDirectory = Lucene.Net.Store.Directory;

namespace Serverless.Words;

/// <summary>
/// The files of an index, or the memory in their place, with the one writer and the readers of its last refresh. What cannot be read is
/// named, deleted, and begun anew.
/// </summary>
internal sealed class WordFolder : IDisposable
{
    /// <summary>Processes on one machine that share the configured folder.</summary>
    private const int MostProcesses = 32;

    private const string FormKey = "form";

    private readonly LuceneDirectory _directory;

    private WordFolder(LuceneDirectory directory, string? path, WordOptions options)
    {
        (_directory, Path) = (directory, path);
        try
        {
            // Merging in whoever writes: a fault there must reach somebody, and a thread of its own would take the process along.
            Writer = new IndexWriter(
                directory,
                new IndexWriterConfig(LanguageAnalyzers.Version, LanguageAnalyzers.All)
                {
                    RAMBufferSizeMB = options.WriterMegabytes,
                    MergeScheduler = new SerialMergeScheduler(),
                    Similarity = new BM25Similarity(),
                    WriteLockTimeout = 0,
                }
            );
            Writer.SetCommitData(new Dictionary<string, string> { [FormKey] = WordFields.Form });
            Searchers = new SearcherManager(Writer, applyAllDeletes: true, new Bm25Searchers());
        }
        catch
        {
            Writer?.Rollback();
            directory.Dispose();
            throw;
        }
    }

    public string? Path { get; }

    public IndexWriter Writer { get; }

    public SearcherManager Searchers { get; }

    public static WordFolder Open(WordOptions options, ILogger log)
    {
        if (string.IsNullOrEmpty(options.Folder))
        {
            return new WordFolder(new RAMDirectory(), null, options);
        }
        for (int process = 1; process <= MostProcesses; process++)
        {
            string path = System.IO.Path.Combine(options.Folder, $"words-{process}");
            try
            {
                return Open(path, options, log);
            }
            catch (LockObtainFailedException)
            {
                continue; // another process has it
            }
        }
        throw new IOException($"{options.Folder} has {MostProcesses} indexes of words, each in use; allowed are as many processes.");
    }

    public void Dispose()
    {
        Searchers.Dispose();
        Writer.Dispose();
        _directory.Dispose();
    }

    /// <summary>Gives up what was not committed.</summary>
    public void Abandon()
    {
        Searchers.Dispose();
        Writer.Rollback();
        _directory.Dispose();
    }

    public static void Delete(string path)
    {
        if (System.IO.Directory.Exists(path))
        {
            System.IO.Directory.Delete(path, recursive: true);
        }
    }

    private static WordFolder Open(string path, WordOptions options, ILogger log)
    {
        try
        {
            Check(path);
            return new WordFolder(new MMapDirectory(path), path, options);
        }
        // Damaged bytes end in whatever exception their reader happens to throw.
        catch (Exception e) when (e is not (LockObtainFailedException or UnauthorizedAccessException or OutOfMemoryException))
        {
            log.WordsDamaged(path, e.Message);
            Delete(path);
            return new WordFolder(new MMapDirectory(path), path, options);
        }
    }

    /// <summary>Reads every file once, against its checksum: a flipped bit would otherwise be found by a search.</summary>
    private static void Check(string path)
    {
        using MMapDirectory directory = new(path);
        if (!DirectoryReader.IndexExists(directory))
        {
            return;
        }
        using DirectoryReader reader = DirectoryReader.Open(directory);
        if (!reader.IndexCommit.UserData.TryGetValue(FormKey, out string? form) || form != WordFields.Form)
        {
            throw new FormatException($"its form is '{form}'; this version writes '{WordFields.Form}'");
        }
        foreach (AtomicReaderContext leaf in reader.Leaves)
        {
            leaf.AtomicReader.CheckIntegrity();
        }
    }

    private sealed class Bm25Searchers : SearcherFactory
    {
        public override IndexSearcher NewSearcher(IndexReader reader) => new(reader) { Similarity = new BM25Similarity() };
    }
}
