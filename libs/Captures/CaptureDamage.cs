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
    private long _lines;

    public void Add(CaptureDamage damage)
    {
        told?.Invoke(damage);
        if (damage.EndsFile)
        {
            log.FileDamaged(path, damage.ToString());
            return;
        }
        _first ??= damage;
        _lines++;
    }

    public void Finish()
    {
        if (_first is not null)
        {
            log.LinesDamaged(path, _lines, _first.ToString());
        }
    }
}
