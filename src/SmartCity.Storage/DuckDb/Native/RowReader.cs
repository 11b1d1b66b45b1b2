using System.Runtime.CompilerServices;
using DuckDB.NET.Native;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb.Native;

/// <summary>Reads a result row by row, each row's columns from left to right. Values are read where DuckDB put them.</summary>
internal sealed unsafe class RowReader : RecordReader, IDisposable
{
    private const int InlineBytesMax = 12;

    private readonly string _path;
    private readonly nint[] _values;
    private readonly nint[] _valid;
    private readonly TextCache _texts = new();
    private DuckDBResult _result;
    private DuckDBDataChunk? _chunk;
    private int _rows;
    private int _row;
    private int _column;

    public RowReader(DuckDBResult result, string path)
    {
        _result = result;
        _path = path;
        var columns = (int)NativeMethods.Query.DuckDBColumnCount(ref result);
        _values = new nint[columns];
        _valid = new nint[columns];
    }

    /// <summary>Moves to the next row; false after the last.</summary>
    public bool Next()
    {
        _column = 0;
        return ++_row < _rows || NextChunk();
    }

    public override long Int64() => ((long*)_values[_column++])[_row];

    public ulong UInt64() => ((ulong*)_values[_column++])[_row];

    public override int Int32() => ((int*)_values[_column++])[_row];

    public ushort UInt16() => ((ushort*)_values[_column++])[_row];

    public override byte Byte() => ((byte*)_values[_column++])[_row];

    public override double Double() => ((double*)_values[_column++])[_row];

    public override long? Int64OrNull() => SkipNull() ? null : Int64();

    public override int? Int32OrNull() => SkipNull() ? null : Int32();

    public override byte? ByteOrNull() => SkipNull() ? null : Byte();

    public override double? DoubleOrNull() => SkipNull() ? null : Double();

    public override string? TextOrNull() => SkipNull() ? null : Text();

    public override string Text()
    {
        // 4 bytes of length, then the text, or when it is longer than 12 bytes its first 4 and a pointer to it.
        var value = (byte*)_values[_column++] + (_row * 16);
        var length = *(int*)value;
        return _texts.Of(new ReadOnlySpan<byte>(length <= InlineBytesMax ? value + 4 : *(byte**)(value + 8), length));
    }

    public void Dispose()
    {
        _chunk?.Dispose();
        NativeMethods.Query.DuckDBDestroyResult(ref _result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool SkipNull()
    {
        var valid = (ulong*)_valid[_column];
        if (valid == null || (valid[_row >> 6] & (1UL << (_row & 63))) != 0)
        {
            return false;
        }
        _column++;
        return true;
    }

    private bool NextChunk()
    {
        _chunk?.Dispose();
        _chunk = NativeMethods.Query.DuckDBFetchChunk(_result);
        if (_chunk.IsInvalid)
        {
            var error = NativeMethods.Query.DuckDBResultError(ref _result);
            return string.IsNullOrEmpty(error) ? false : throw DuckDbErrors.Of(error, _path);
        }
        _rows = (int)NativeMethods.DataChunks.DuckDBDataChunkGetSize(_chunk);
        _row = 0;
        for (var i = 0; i < _values.Length; i++)
        {
            var vector = NativeMethods.DataChunks.DuckDBDataChunkGetVector(_chunk, i);
            _values[i] = (nint)NativeMethods.Vectors.DuckDBVectorGetData(vector);
            _valid[i] = (nint)NativeMethods.Vectors.DuckDBVectorGetValidity(vector);
        }
        return _rows > 0;
    }
}
