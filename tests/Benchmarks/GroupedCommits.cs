using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Serverless.Benchmarks;

/// <summary>
/// The least that a durable store on SQLite can do: appends rows to one table, those that wait together in one commit, and acknowledges
/// them when they are on disk. The file is set as that of the SQLite provider: WAL, synchronous=FULL, one writer.
/// </summary>
internal sealed class GroupedCommits : IDisposable
{
    private const int MaxRowsPerCommit = 256;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly BlockingCollection<(string Content, TaskCompletionSource Written)> _waiting = [];
    private readonly Thread _writer;

    public GroupedCommits(string file)
    {
        _connection = new SqliteConnection($"Data Source={file};Pooling=False");
        _connection.Open();
        Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        Execute("CREATE TABLE journal (id INTEGER PRIMARY KEY, content TEXT NOT NULL)");
        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT INTO journal (content) VALUES ($content)";
        _insert.Parameters.Add("$content", SqliteType.Text);
        _writer = new Thread(WriteAll) { IsBackground = true, Name = "Grouped commits" };
        _writer.Start();
    }

    public async Task AppendAsync(string content)
    {
        TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add((content, written));
        await written.Task;
    }

    public void Dispose()
    {
        _waiting.CompleteAdding();
        _writer.Join();
        _insert.Dispose();
        _connection.Dispose();
    }

    private void WriteAll()
    {
        List<TaskCompletionSource> written = [];
        foreach ((string content, TaskCompletionSource done) in _waiting.GetConsumingEnumerable())
        {
            using (SqliteTransaction transaction = _connection.BeginTransaction())
            {
                _insert.Transaction = transaction;
                Insert(content, done, written);
                while (written.Count < MaxRowsPerCommit && _waiting.TryTake(out (string Content, TaskCompletionSource Written) next))
                {
                    Insert(next.Content, next.Written, written);
                }
                transaction.Commit();
            }
            written.ForEach(each => each.SetResult());
            written.Clear();
        }
    }

    private void Insert(string content, TaskCompletionSource done, List<TaskCompletionSource> written)
    {
        _insert.Parameters[0].Value = content;
        _insert.ExecuteNonQuery();
        written.Add(done);
    }

    private void Execute(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
