using Serverless.Inference.Sessions;

namespace Serverless.Inference.Serving.Lanes;

/// <summary>Lets a row whose numbers are none fail alone.</summary>
internal static class RowFaults
{
    public static OutputRowHandler Catch(Memory<Exception?> faults, OutputRowHandler take) =>
        (row, values, shape) =>
        {
            try
            {
                take(row, values, shape);
                faults.Span[row] = null;
            }
            catch (ModelFaultException e)
            {
                faults.Span[row] = e;
            }
        };
}
