using Microsoft.Extensions.Logging;

namespace Serverless.Captures;

/// <summary>What is wrong with a captured line, or with the file from there on.</summary>
/// <param name="Line">Its number in the file, from 1.</param>
/// <param name="EndsFile">Whether nothing after it can be read.</param>
public sealed record CaptureDamage(long Line, string Fault, bool EndsFile)
{
    public override string ToString() => $"line {Line}: {Fault}";
}

/// <summary>Logs one file's damage in two lines at most, however many lines are damaged. For one reader.</summary>
internal sealed class DamageLog(string path, Action<CaptureDamage>? told, ILogger log)
{
    private CaptureDamage? _first;

    /// <summary>Damaged ones so far.</summary>
    public long Lines { get; private set; }

    public void Add(CaptureDamage damage)
    {
        told?.Invoke(damage);
        if (damage.EndsFile)
        {
            log.FileDamaged(path, damage.ToString());
            return;
        }
        _first ??= damage;
        Lines++;
    }

    public void Finish()
    {
        if (_first is not null)
        {
            log.LinesDamaged(path, Lines, _first.ToString());
        }
    }
}
