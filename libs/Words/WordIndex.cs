using Lucene.Net.Index;
using Lucene.Net.Search;
using Microsoft.Extensions.Logging;

namespace Serverless.Words;

/// <summary>
/// What can be found in words, of every asset the newest version. Versions may be added in any order and any number of times. What is
/// added is found after the next refresh, and outlives a crash after the next commit. Thread-safe: searches never wait for a writer. A
/// known asset takes about 150 bytes of memory beside the files.
/// </summary>
public sealed class WordIndex : IDisposable
{
    /// <summary>Longer than any late writer may still hold an older version of a deleted asset.</summary>
    private static readonly TimeSpan TombstonesKept = TimeSpan.FromDays(30);

    private readonly WordOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<WordIndex> _log;
    private readonly PlaceTables _tables = new();
    private readonly KeptClauses _kept = new();
    private readonly Lock _writing = new();
    private readonly Dictionary<string, KnownWords> _known = new(StringComparer.Ordinal); // guarded by _writing
    private volatile WordFolder _folder; // replaced under _writing
    private long _changes; // guarded by _writing
    private long _refreshed; // guarded by _writing
    private long _committed; // guarded by _writing

    public WordIndex(WordOptions options, TimeProvider time, ILogger<WordIndex> log)
    {
        (_options, _time, _log) = (options, time, log);
        _folder = Open();
    }

    /// <summary>Assets with at least one place.</summary>
    public int Assets
    {
        get
        {
            lock (_writing)
            {
                return _known.Values.Count(known => !known.IsTombstone);
            }
        }
    }

    /// <summary>Whether something could not be written: it is to be restarted.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether exactly this version is the newest known one, in this revision or a later one where one is named.</summary>
    public bool Knows(string asset, string version, int revision = 0)
    {
        lock (_writing)
        {
            return _known.TryGetValue(asset, out KnownWords known) && known.Version == version && known.Revision >= revision;
        }
    }

    /// <summary>Whether nothing as new is known of the asset as this version of that time, or its end.</summary>
    public bool IsNews(string asset, string version, DateTimeOffset modified, bool isGone)
    {
        lock (_writing)
        {
            KnownWords told = new(version, isGone ? 0 : 1, modified.UtcTicks, isGone);
            return !_known.TryGetValue(asset, out KnownWords known) || told.Supersedes(known);
        }
    }

    public bool Holds(string asset)
    {
        lock (_writing)
        {
            return _known.TryGetValue(asset, out KnownWords known) && !known.IsTombstone;
        }
    }

    /// <summary>The assets with places, in no order.</summary>
    public IReadOnlyList<string> HeldAssets()
    {
        lock (_writing)
        {
            return [.. _known.Where(known => !known.Value.IsTombstone).Select(known => known.Key)];
        }
    }

    /// <summary>False when this version, or a newer one, is known already.</summary>
    public bool Apply(AssetWords words)
    {
        lock (_writing)
        {
            if (_known.TryGetValue(words.Asset, out KnownWords known) && !words.Known.Supersedes(known))
            {
                return false;
            }
            try
            {
                _folder.Writer.UpdateDocuments(new Term(WordFields.Asset, words.Asset), WordFields.DocumentsOf(words));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                IsBroken = true; // what was buffered is lost with it
                throw;
            }
            _known[words.Asset] = words.Known;
            _changes++;
            return true;
        }
    }

    /// <summary>Lets searches see what was added. Cheap where nothing was.</summary>
    public void Refresh()
    {
        lock (_writing)
        {
            if (_refreshed != _changes)
            {
                _folder.Searchers.MaybeRefreshBlocking();
                _refreshed = _changes;
            }
        }
    }

    /// <summary>Makes what was added outlive a crash. Cheap where nothing was.</summary>
    public void Commit()
    {
        lock (_writing)
        {
            if (_committed != _changes)
            {
                _folder.Writer.Commit();
                _committed = _changes;
            }
        }
    }

    /// <summary>
    /// Rewrites the files that hold something removed, so that nothing is left of it. Takes as long as copying those files.
    /// </summary>
    public void Purge()
    {
        lock (_writing)
        {
            _folder.Writer.Commit();
            _folder.Writer.ForceMergeDeletes();
            _folder.Writer.Commit();
            _folder.Searchers.MaybeRefreshBlocking(); // readers of the last state keep its files
            _folder.Writer.DeleteUnusedFiles();
            (_committed, _refreshed) = (_changes, _changes);
        }
    }

    /// <summary>Begins anew after a fault of the files, which is named in the log; what was known is to be added again.</summary>
    public void Restart(string fault)
    {
        lock (_writing)
        {
            _log.WordsDamaged(_folder.Path ?? "memory", fault);
            IsBroken = true; // until all of the below is done
            _folder.Abandon();
            if (_folder.Path is { } path)
            {
                WordFolder.Delete(path);
            }
            _known.Clear();
            _folder = Open();
            (_changes, _refreshed, _committed) = (0, 0, 0);
            IsBroken = false;
        }
    }

    /// <summary>Over what the last refresh let be seen.</summary>
    /// <param name="query">Null to find nothing by words, and let filters alone decide.</param>
    public WordSearch Search(WordQuery? query, WordFilter filter)
    {
        SearcherManager searchers = _folder.Searchers;
        IndexSearcher searcher = searchers.Acquire();
        try
        {
            return new WordSearch(searcher, _tables, _kept, () => searchers.Release(searcher), query, filter);
        }
        catch
        {
            searchers.Release(searcher);
            throw;
        }
    }

    public void Dispose()
    {
        lock (_writing)
        {
            _folder.Dispose();
        }
    }

    private WordFolder Open()
    {
        WordFolder folder = WordFolder.Open(_options, _log);
        IndexSearcher searcher = folder.Searchers.Acquire();
        try
        {
            Remember(folder.Writer, searcher.IndexReader);
        }
        finally
        {
            folder.Searchers.Release(searcher);
        }
        _log.WordsOpened(_known.Count, folder.Path ?? "memory");
        return folder;
    }

    private void Remember(IndexWriter writer, IndexReader reader)
    {
        long forgetBefore = (_time.GetUtcNow() - TombstonesKept).UtcTicks;
        foreach (AtomicReaderContext leaf in reader.Leaves)
        {
            if (leaf.AtomicReader.GetTermDocsEnum(WordFields.Heads) is not { } heads)
            {
                continue;
            }
            for (int head = heads.NextDoc(); head != DocIdSetIterator.NO_MORE_DOCS; head = heads.NextDoc())
            {
                if (leaf.AtomicReader.LiveDocs?.Get(head) == false)
                {
                    continue;
                }
                (string asset, KnownWords known) = WordFields.ReadHead(leaf.AtomicReader.Document(head));
                if (known.IsTombstone && known.Modified < forgetBefore)
                {
                    writer.DeleteDocuments(new Term(WordFields.Asset, asset));
                    continue;
                }
                _known[asset] = known;
            }
        }
    }
}
