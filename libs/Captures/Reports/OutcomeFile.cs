using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Serverless.Storage;

namespace Serverless.Captures.Reports;

/// <summary>Lines of one file of reports, in bounded memory, as captures that are named by the file. Used once.</summary>
internal sealed class OutcomeFile(OutcomeIntake intake, ICollection<string> environments, DateTimeOffset received)
{
    public const int MaxLines = 500_000;
    public const int MaxFaults = 100;

    private const int MaxVersions = 64; // each holds a compressor, about 0.3 MB

    private readonly Dictionary<(string Model, int Version), CaptureDraft> _drafts = [];
    private readonly List<OutcomeFault> _faults = [];
    private int _line;

    public int Taken { get; private set; }

    public int Rejected { get; private set; }

    public IReadOnlyList<OutcomeFault> Faults => _faults;

    public IEnumerable<((string Model, int Version) Of, CaptureDraft Draft)> Drafts => _drafts.Select(draft => (draft.Key, draft.Value));

    /// <exception cref="SealsUnavailableException"/>
    public async Task ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        PipeReader reader = PipeReader.Create(content);
        bool isSkipping = false;
        while (_line <= MaxLines)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> rest = result.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end && _line <= MaxLines)
            {
                await TakeAsync(rest.Slice(0, end), isSkipping);
                isSkipping = false;
                rest = rest.Slice(rest.GetPosition(1, end));
            }
            if (result.IsCompleted)
            {
                if (isSkipping || !rest.IsEmpty)
                {
                    await TakeAsync(rest, isSkipping);
                }
                return;
            }
            isSkipping |= rest.Length > ReportedOutcome.MaxBytes;
            reader.AdvanceTo(isSkipping ? rest.End : rest.Start, rest.End);
        }
    }

    private async Task TakeAsync(ReadOnlySequence<byte> line, bool isTail)
    {
        if (++_line > MaxLines)
        {
            Reject($"There are more than {MaxLines:N0} lines; those from here on are left out.");
            return;
        }
        if (isTail || line.Length > ReportedOutcome.MaxBytes)
        {
            Reject($"The line has more than {ReportedOutcome.MaxBytes:N0} bytes.");
            return;
        }
        ReadOnlyMemory<byte> text = line.ToArray();
        if (text.Span.Trim(" \r\t"u8).IsEmpty)
        {
            return;
        }
        try
        {
            Add(await intake.ReadAsync(GivenJson.Read<ReportedOutcome>(text), environments, received));
        }
        catch (JsonException e)
        {
            Reject(JsonFault.Describe(e));
        }
        catch (OutcomeRejectedException e)
        {
            Reject(e.Message);
        }
    }

    private void Add(CaptureRecord record)
    {
        var of = (record.Model, record.Version);
        if (!_drafts.TryGetValue(of, out CaptureDraft? draft))
        {
            if (_drafts.Count == MaxVersions)
            {
                Reject($"The file has reports of more than {MaxVersions} versions; those of {record.Model}/{record.Version} are left out.");
                return;
            }
            _drafts.Add(of, draft = new CaptureDraft());
        }
        draft.Add(record, int.MaxValue);
        Taken++;
    }

    private void Reject(string fault)
    {
        Rejected++;
        if (_faults.Count < MaxFaults)
        {
            _faults.Add(new OutcomeFault(_line, fault));
        }
    }
}
