using Serverless.Local.Durable.Storage;

namespace Serverless.Unit.Local.Durable.Simulation;

/// <summary>
/// A folder in memory with the database of all hosts. When the power is cut, what the disk holds at that moment goes on in a folder of
/// its own, so that what the dead write afterwards reaches nobody.
/// </summary>
internal sealed class SimulatedDisk : IDisposable
{
    private static readonly string Memory = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    // Made once: making it takes as long as half a simulation.
    private static readonly Lazy<byte[]> Empty = new(MakeEmpty);

    private readonly string _root = Path.Combine(Memory, $"durable-{Path.GetRandomFileName()}");
    private int _lives;

    public SimulatedDisk(PlantedBug? bug)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllBytes(Database, Empty.Value);
        bug?.Plant(Database);
    }

    public string Database => Path.Combine(Folder, "durable.db");

    /// <summary>How much of the write-ahead log is there; what is committed next comes after it.</summary>
    public long LogBytes => File.Exists(Log) ? new FileInfo(Log).Length : 0;

    private string Log => $"{Database}-wal";

    private string Folder => Path.Combine(_root, $"{_lives}");

    /// <summary>Fails every write of every host, as a full or read-only disk does, or none any more.</summary>
    public void RefuseWrites(bool refuses)
    {
        using SqlSession session = new(Database);
        session.ExecuteScript(refuses ? "INSERT INTO refusals VALUES (1)" : "DELETE FROM refusals");
    }

    /// <param name="logBytes">How much of the log was written; null for all of it.</param>
    public void CutPower(long? logBytes)
    {
        string[] files = Directory.GetFiles(Folder);
        _lives++;
        Directory.CreateDirectory(Folder);
        foreach (string file in files.Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
        {
            string copy = Path.Combine(Folder, Path.GetFileName(file));
            if (file.Contains("-worker", StringComparison.Ordinal))
            {
                File.Create(copy).Dispose(); // empty, and nobody locks it any more
            }
            else
            {
                File.Copy(file, copy);
            }
        }

        if (logBytes < LogBytes)
        {
            using FileStream log = File.OpenWrite(Log);
            log.SetLength(logBytes.Value);
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static byte[] MakeEmpty()
    {
        string path = Path.Combine(Memory, $"durable-{Path.GetRandomFileName()}");
        using (SqlSession session = new(path))
        {
            Schema.Ensure(session, path);
            session.ExecuteScript("CREATE TABLE refusals (one INTEGER)");
            foreach (string table in (string[])["workers", "instances", "history", "messages", "activities"])
            {
                foreach (string change in (string[])["INSERT", "UPDATE", "DELETE"])
                {
                    session.ExecuteScript(
                        $"CREATE TRIGGER refused_{change}_{table} BEFORE {change} ON {table} WHEN EXISTS (SELECT 1 FROM refusals) "
                            + "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
                    );
                }
            }
        }

        byte[] content = File.ReadAllBytes(path);
        File.Delete(path);
        return content;
    }
}
